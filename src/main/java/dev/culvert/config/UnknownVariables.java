package dev.culvert.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * {@code CULVERT_*} variables that no setting has: most likely a slip of the pen, which the framework would ignore
 * silently.
 */
final class UnknownVariables {
    /**
     * Kubernetes tells each container of every Service in its namespace; one that is called culvert, or culvert-demo,
     * makes variables such as these.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "CULVERT_(\\w+_)?(SERVICE_(HOST|PORT(_\\w+)?)|PORT_\\d+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private UnknownVariables() {}

    /** A line for each unknown variable, with the nearest name that means something. */
    static List<String> of(Map<String, String> environment) {
        TreeSet<String> known = new TreeSet<>();
        Settings.KEYS.forEach(key -> known.add(variable(key)));
        List<String> lines = new ArrayList<>();
        new TreeMap<>(environment).forEach((name, value) -> {
            boolean ours = name.startsWith("CULVERT_") && !known.contains(name);
            boolean address =
                    name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches();
            if (ours && !address && !SERVICE_LINK.matcher(name).matches()) {
                lines.add(
                        name + " is no setting of Culvert and is ignored; did you mean " + nearest(name, known) + "?");
            }
        });
        return lines;
    }

    /** The environment variable of a key, by MicroProfile Config's rule. */
    static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static String nearest(String name, Iterable<String> known) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein's distance, one row at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
