package dev.culvert.lifecycle;

import dev.culvert.config.Settings;
import dev.culvert.config.SettingsCheck;
import io.quarkus.netty.runtime.MachineIdGenerator;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command line: nothing starts the sidecar, {@code check} prints the settings in force, {@code drain} drains the sidecar
 * that runs. All look at the settings before the framework does, so that a wrong one is a line, not a stack trace. The traffic,
 * which a client waits for, begins before the framework, too.
 */
@QuarkusMain
public final class Main {
    private static final int BAD_USAGE = 2;

    private Main() {}

    public static void main(String... args) {
        SettingsCheck check = SettingsCheck.of(System.getenv(), properties());
        if (args.length == 1 && args[0].equals("check")) {
            System.exit(report(check, System.out, System.err));
        }
        boolean drain = args.length == 1 && args[0].equals("drain");
        if (args.length > 0 && !drain) {
            System.err.println("culvert: unknown command; without one it starts, 'check' prints the settings in force,"
                    + " 'drain' drains the Culvert beside it");
            System.exit(BAD_USAGE);
        }
        problems(check, System.err);
        Settings settings = check.settings();
        if (settings == null) {
            System.exit(BAD_USAGE);
        } else if (drain) {
            System.exit(drainCommand(check.effective()).run());
        } else {
            tellNetty();
            carry(settings);
            tellFramework(check.effective());
            Quarkus.run(args);
        }
    }

    private static void carry(Settings settings) {
        Sigterm.hold(); // whoever has a tunnel before the framework has started is drained as well
        try {
            Traffic.begin(() -> settings);
        } catch (IllegalArgumentException | IllegalStateException cannot) { // no such host, no epoll
            System.err.println("culvert: error: " + cannot.getMessage());
            System.exit(BAD_USAGE);
        }
    }

    private static DrainCommand drainCommand(Map<String, String> settings) {
        int port = Integer.parseInt(value(settings, "culvert.admin.port"));
        return new DrainCommand(value(settings, "culvert.admin.host"), port, System.err);
    }

    /** The admin server and the log are Quarkus' own, and have keys of their own. */
    private static void tellFramework(Map<String, String> settings) {
        System.setProperty("quarkus.http.host", value(settings, "culvert.admin.host"));
        System.setProperty("quarkus.http.port", value(settings, "culvert.admin.port"));
        System.setProperty(
                "quarkus.log.level", value(settings, "culvert.log.level").toUpperCase(Locale.ROOT));
        boolean json = value(settings, "culvert.log.format").equalsIgnoreCase("json");
        System.setProperty("quarkus.log.console.json.enabled", Boolean.toString(json));
    }

    /**
     * Before the first of Netty's classes is used, and so before the framework tells it a part of this: the size of a chunk (8 KiB,
     * three times doubled), and a machine's name, which it would look for at the network interfaces. It would keep 256 freed
     * buffers of each of some 40 sizes for each thread, tens of megabytes.
     */
    private static void tellNetty() {
        System.setProperty("io.netty.allocator.maxOrder", "3");
        System.setProperty("io.netty.allocator.disableCacheFinalizersForFastThreadLocalThreads", "true");
        System.setProperty("io.netty.machineId", new MachineIdGenerator().get());
        System.setProperty("io.netty.allocator.smallCacheSize", "32");
        System.setProperty("io.netty.allocator.normalCacheSize", "16");
    }

    private static String value(Map<String, String> settings, String key) {
        return settings.getOrDefault(key, "").trim();
    }

    private static int report(SettingsCheck check, PrintStream out, PrintStream err) {
        problems(check, err);
        check.effective().forEach((key, value) -> out.println(key + "=" + value));
        return check.errors().isEmpty() ? 0 : BAD_USAGE;
    }

    private static void problems(SettingsCheck check, PrintStream err) {
        check.warnings().forEach(line -> err.println("culvert: warning: " + line));
        check.errors().forEach(line -> err.println("culvert: error: " + line));
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().stringPropertyNames().forEach(name -> properties.put(name, System.getProperty(name)));
        return properties;
    }
}
