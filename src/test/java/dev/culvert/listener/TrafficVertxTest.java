package dev.culvert.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrafficVertxTest {
    @Test
    void whoCarriesTrafficAcceptsItAndEndsWithIt() throws Exception {
        Vertx vertx = TrafficVertx.create(2, new ConnectionLimit(0), (server, options) -> server);
        VertxInternal internal = (VertxInternal) vertx;

        assertThat(internal.getEventLoopGroup()).hasSize(2);
        assertThat(internal.getAcceptorEventLoopGroup()).isSameAs(internal.getEventLoopGroup());

        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(internal.getEventLoopGroup().isTerminated()).isTrue();
    }
}
