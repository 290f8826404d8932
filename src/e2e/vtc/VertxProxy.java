import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/** vertx-http-proxy as its documentation shows it; the pool is large, so that no case waits for a slot that an earlier one holds. */
public final class VertxProxy {
    private VertxProxy() {}

    public static void main(String[] ports) {
        Vertx vertx = Vertx.vertx();
        HttpProxy proxy = HttpProxy.reverseProxy(vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1000)))
                .origin(Integer.parseInt(ports[1]), "127.0.0.1");
        vertx.createHttpServer()
                .requestHandler(proxy)
                .listen(Integer.parseInt(ports[0]), "127.0.0.1")
                .onFailure(fault -> {
                    System.err.println(fault);
                    System.exit(1);
                });
    }
}
