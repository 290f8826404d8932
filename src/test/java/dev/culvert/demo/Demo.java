package dev.culvert.demo;

import dev.culvert.config.Settings;
import dev.culvert.listener.TrafficListener;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The app, two fronts and Culvert, started and stopped as one. */
final class Demo implements AutoCloseable {
    private static final int CANNOT_START = 1;
    private static final int SECONDS = 5;

    /** Held for as long as the process lives: a logger that nobody holds forgets its level. */
    private static final Logger ROOT = Logger.getLogger("");

    /** What runs, the last started on top. */
    private final Deque<Runnable> running = new ArrayDeque<>();

    private volatile Ports ports;

    private Demo(Ports wanted) {
        this.ports = wanted;
    }

    /** Runs until Ctrl-C. */
    public static void main(String[] args) throws InterruptedException {
        ROOT.setLevel(Level.WARNING);
        try {
            Demo demo = Demo.on(Ports.STORY);
            Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "demo-stop"));
            System.out.print(demo.welcome());
            System.out.flush();
        } catch (PortTakenException e) {
            System.err.println(e.getMessage());
            System.exit(CANNOT_START);
        }
        new CountDownLatch(1).await();
    }

    /**
     * Starts everything; it accepts connections once this returns.
     *
     * @throws PortTakenException with a sentence for whoever started it; nothing is left running
     */
    static Demo on(Ports wanted) throws PortTakenException {
        Demo demo = new Demo(wanted);
        try {
            demo.start(wanted);
            return demo;
        } catch (PortTakenException | RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    /** The ports that are bound. */
    Ports ports() {
        return ports;
    }

    /** From the app to the fronts: each has to know whom it stands before. */
    private void start(Ports wanted) throws PortTakenException {
        ChatApp app = new ChatApp(new Page(this::ports));
        running.push(() -> await(app.stop()));
        bind(wanted.app(), app.listen(wanted.app()));
        TrafficListener culvert = culvert(wanted.culvert(), app.port());
        running.push(() -> await(culvert.stop()));
        bind(wanted.culvert(), culvert.start());
        BareFront straight = BareFront.start(wanted.straight(), app.port());
        running.push(straight::close);
        BareFront through = BareFront.start(wanted.through(), culvert.port());
        running.push(through::close);
        ports = new Ports(app.port(), straight.port(), through.port(), culvert.port());
    }

    /** As it is shipped, every setting at its default apart from the addresses. */
    private static TrafficListener culvert(int port, int appPort) {
        Map<String, String> properties = Map.of(
                "culvert.listen.host", "127.0.0.1",
                "culvert.listen.port", Integer.toString(port),
                "culvert.upstream.port", Integer.toString(appPort));
        return new TrafficListener(Settings.of(Settings.build(
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(properties, "demo", 500)))));
    }

    private static void bind(int port, Future<Void> bound) throws PortTakenException {
        try {
            completed(bound);
        } catch (ExecutionException e) {
            throw new PortTakenException(port, Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** At the end nobody is left to be told: what does not stop in time ends with the process. */
    private static void await(Future<Void> stopped) {
        try {
            completed(stopped);
        } catch (ExecutionException | TimeoutException e) {
            ROOT.log(Level.WARNING, "The demo did not stop in order", e);
        }
    }

    private static void completed(Future<Void> future) throws ExecutionException, TimeoutException {
        try {
            future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String welcome() {
        return """

                The same chat, reached in two ways:
                  without Culvert   browser -> front %2$d -> app %1$d
                  with Culvert      browser -> front %3$d -> Culvert %4$d -> app %1$d
                Both fronts do what nginx does with a bare proxy_pass: HTTP/1.0, no Upgrade, no Connection.

                Open  http://127.0.0.1:%1$d/  and compare. Ctrl-C ends it.

                """.formatted(ports.app(), ports.straight(), ports.through(), ports.culvert());
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().run();
        }
    }
}
