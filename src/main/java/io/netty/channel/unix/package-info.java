/** Not a room of ours: a door into Netty that it does not open itself, to the state of a file descriptor. */
package io.netty.channel.unix;
