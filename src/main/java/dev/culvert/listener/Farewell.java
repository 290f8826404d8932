package dev.culvert.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.SocketReader;
import io.netty.channel.epoll.TunnelSocket;
import java.util.concurrent.TimeUnit;

/** Ends a connection to the app with a last word, and waits for its own end, so that neither is reset. Event loop only. */
final class Farewell implements SocketReader {
    private static final int SECONDS = 10;
    private static final int READ = 2 << 10;

    private final TunnelSocket app;

    private Farewell(TunnelSocket app) {
        this.app = app;
    }

    /** Sends the last word and ends our stream; what comes is dropped. */
    static void of(TunnelSocket app, ByteBuf last) {
        app.setReader(new Farewell(app));
        app.writeAndFlush(last).addListener(sent -> app.endOutput());
        if (app.isEnded()) {
            app.close();
        } else {
            app.eventLoop().schedule(() -> app.close(), SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public ByteBuf buffer() {
        return PooledByteBufAllocator.DEFAULT.directBuffer(READ, READ);
    }

    @Override
    public void read(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void readComplete() {}

    @Override
    public void ended() {
        app.close();
    }

    @Override
    public void closed() {}

    @Override
    public void failed(Throwable cause) {
        app.close();
    }
}
