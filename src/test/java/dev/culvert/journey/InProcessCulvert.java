package dev.culvert.journey;

import dev.culvert.config.Settings;
import dev.culvert.lifecycle.Drain;
import dev.culvert.listener.TrafficListener;
import io.netty.buffer.PooledByteBufAllocator;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The traffic plane in the test's own JVM, where a debugger and a heap check reach it. */
final class InProcessCulvert implements Culvert {
    private static final Logger ACCESS = Logger.getLogger("dev.culvert.access");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final TrafficListener listener;
    private final Vertx admin = Vertx.vertx();
    private final Drain drain;
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    InProcessCulvert(Map<String, String> properties) {
        Settings settings = Settings.of(Settings.build(
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(properties, "test", 500))));
        listener = new TrafficListener(settings);
        drain = new Drain(listener, settings.drain(), admin);
        ACCESS.addHandler(recorder);
        await(listener.start());
    }

    private static void await(io.vertx.core.Future<Void> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The traffic plane itself. */
    TrafficListener listener() {
        return listener;
    }

    @Override
    public int port() {
        return listener.port();
    }

    @Override
    public List<String> log() {
        return log;
    }

    @Override
    public void drain() {
        drain.begin();
    }

    @Override
    public long descriptors() {
        return ProcessFiles.descriptors(ProcessHandle.current().pid());
    }

    @Override
    public long memory() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    @Override
    public void close() {
        await(listener.stop());
        await(admin.close());
        ACCESS.removeHandler(recorder);
    }
}
