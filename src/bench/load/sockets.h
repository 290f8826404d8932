/* Sockets on loopback, never blocking. */
#ifndef SOCKETS_H
#define SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

/* Lets this process open as many files as it may. */
void sockets_allow_many(void);

/* Listens on a loopback port; ends the program where that is not to be had. */
int sockets_listen(uint16_t port);

/* Begins to connect to a loopback port, from one loopback address after the other, so that ports do not run out; small: with
 * small buffers. -1 and errno where not even that goes. */
int sockets_connect(uint16_t port, bool small);

/* Sends what is written at once. */
void sockets_no_delay(int fd);

/* Leaves little room in the kernel, so that what is sent and not read has to wait elsewhere. For a socket that is not connected
 * yet, or one that listens, for those it accepts: what a window has offered is dropped where the buffer is smaller. */
void sockets_small_buffers(int fd);

/* Its window opens. */
void sockets_large_buffer(int fd);

/* Makes the coming close a reset. */
void sockets_close_with_reset(int fd);

#endif
