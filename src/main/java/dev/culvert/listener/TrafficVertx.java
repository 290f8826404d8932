package dev.culvert.listener;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.VertxBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The traffic's own Vert.x. Quarkus' instance belongs to the admin plane, and in a native image it has no epoll: the
 * framework substitutes the lookup of native transports, not the transport. Hence a touch of {@code io.vertx.core.impl},
 * checked with Vert.x 4.5.28.
 */
final class TrafficVertx {
    /** Nothing blocks here; Vert.x insists on a pool. */
    private static final int UNUSED_WORKERS = 1;

    private static final int MOST_BY_DEFAULT = 4;

    private TrafficVertx() {}

    /** How many event loops a setting stands for: 0 for one per CPU, at most 4. */
    static int eventLoops(int setting) {
        return setting == 0 ? Math.min(Runtime.getRuntime().availableProcessors(), MOST_BY_DEFAULT) : setting;
    }

    /**
     * @param eventLoops threads that carry traffic, 1 or more
     * @param connections watches what is accepted
     * @param clients takes what is accepted; made of the HTTP server's initializer and options of an accepted channel
     */
    static Vertx create(
            int eventLoops,
            ConnectionLimit connections,
            BiFunction<ChannelHandler, Map<ChannelOption<?>, Object>, ChannelHandler> clients) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(UNUSED_WORKERS)
                .setInternalBlockingPoolSize(UNUSED_WORKERS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        if (!Epoll.isAvailable()) {
            throw new IllegalStateException("tunnels need epoll: Linux on amd64 or arm64", Epoll.unavailabilityCause());
        }
        return new VertxBuilder(options)
                .findTransport(new TrafficVertxTransport(connections, clients))
                .serviceProviders(List.of()) // else both are looked for, in every module
                .verticleFactories(List.of())
                .init()
                .vertx();
    }
}
