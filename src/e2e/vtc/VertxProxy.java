import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/**
 * vertx-http-proxy as its documentation shows it: {@code VertxProxy PORT APP_PORT [TUNNELS]}. The pool is large, so that no
 * case waits for a slot that an earlier one holds; where it is measured by how many tunnels it bears, the pool has a slot for
 * each, and epoll is used.
 */
public final class VertxProxy {
    private VertxProxy() {}

    public static void main(String[] args) {
        boolean measured = args.length > 2;
        int slots = measured ? Integer.parseInt(args[2]) : 1000;
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(measured));
        HttpProxy proxy = HttpProxy.reverseProxy(vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(slots)))
                .origin(Integer.parseInt(args[1]), "127.0.0.1");
        vertx.createHttpServer()
                .requestHandler(proxy)
                .listen(Integer.parseInt(args[0]), "127.0.0.1")
                .onFailure(fault -> {
                    System.err.println(fault);
                    System.exit(1);
                });
    }
}
