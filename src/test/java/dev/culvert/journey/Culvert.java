package dev.culvert.journey;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Culvert under test, as its operator sees it: started with settings, with ports, a log and an end. */
interface Culvert extends AutoCloseable {
    /** The port that takes traffic. */
    int port();

    /** The access log's lines so far. */
    List<String> log();

    /** Begins the drain, as preStop does. */
    void drain();

    /** Open files and sockets of its process. */
    long descriptors();

    /**
     * Memory in bytes: of buffers that are in use, where it runs in this JVM; of a process of its own, what is resident.
     */
    long memory();

    @Override
    void close();

    /**
     * Starts one: in this JVM, or, where the build says so, the packaged jar or the native binary in a process of its own.
     *
     * @param app the app's port; 0 where the settings say where it is
     * @param settings {@code key=value}, without the leading {@code culvert.}
     */
    static Culvert start(int app, String... settings) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("culvert.listen.host", "127.0.0.1");
        properties.put("culvert.listen.port", "0");
        properties.put("culvert.admin.host", "127.0.0.1");
        properties.put("culvert.admin.port", "0");
        if (app > 0) {
            properties.put("culvert.upstream.port", Integer.toString(app));
        }
        properties.put("culvert.drain.period", "0"); // who closes it does not want to wait
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            properties.put("culvert." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return Packaging.current() == Packaging.CLASSES
                ? new InProcessCulvert(properties)
                : new ProcessCulvert(Packaging.current().command(), properties);
    }
}
