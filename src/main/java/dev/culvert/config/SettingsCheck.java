package dev.culvert.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an environment says about the settings, found out before anything starts: wrong values, variables that mean
 * nothing, and the values that are in force.
 *
 * @param errors a line for each wrong value: key, value, what was expected; empty when the process may start
 * @param warnings a line for each {@code CULVERT_*} variable that no setting has
 * @param effective every key with the value in force, in the order of {@link Settings#KEYS}; empty when there are errors
 * @param settings the same, to be used; null when there are errors
 */
public record SettingsCheck(
        List<String> errors,
        List<String> warnings,
        Map<String, String> effective,
        @Nullable Settings settings) {
    /** SmallRye Config 3.16 words a failed conversion so; a test holds it. */
    private static final Pattern CONVERSION = Pattern.compile(
            "config property (\\S+) with the config value \"(.*)\" threw .*? converted (.*)", Pattern.DOTALL);

    private static final Pattern EMPTY = Pattern.compile("config property (\\S+) .*empty String", Pattern.DOTALL);

    private static final int ENVIRONMENT = 300;
    private static final int SYSTEM_PROPERTIES = 400;

    /**
     * Looks at what a process is given.
     *
     * @param environment the process' environment variables
     * @param properties the process' system properties, which win over the environment
     */
    public static SettingsCheck of(Map<String, String> environment, Map<String, String> properties) {
        List<String> warnings = UnknownVariables.of(environment);
        try {
            SmallRyeConfig config = Settings.build(new SmallRyeConfigBuilder()
                    .withSources(
                            new EnvConfigSource(environment, ENVIRONMENT),
                            new PropertiesConfigSource(properties, "system properties", SYSTEM_PROPERTIES)));
            Settings settings = Settings.of(config);
            List<String> conflicts = conflicts(settings);
            return conflicts.isEmpty()
                    ? new SettingsCheck(List.of(), warnings, effective(config), settings)
                    : new SettingsCheck(conflicts, warnings, Map.of(), null);
        } catch (ConfigValidationException e) {
            List<String> errors = new ArrayList<>();
            for (int i = 0; i < e.getProblemCount(); i++) {
                errors.add(line(e.getProblem(i).getMessage()));
            }
            return new SettingsCheck(errors, warnings, Map.of(), null);
        }
    }

    private static List<String> conflicts(Settings settings) {
        boolean unix = settings.upstream().url().host() == null;
        return settings.upstream().port().filter(port -> unix).stream()
                .map(port ->
                        "culvert.upstream.port=" + port + ": expected none, as culvert.upstream.url is a unix socket")
                .toList();
    }

    private static Map<String, String> effective(SmallRyeConfig config) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : Settings.KEYS) {
            String value = config.getConfigValue(key).getValue();
            values.put(key, value == null ? "" : value);
        }
        return values;
    }

    private static String line(String problem) {
        String flat = problem.replace('\r', ' ').replace('\n', ' ');
        Matcher conversion = CONVERSION.matcher(flat);
        if (conversion.find()) {
            return conversion.group(1) + "=" + conversion.group(2) + ": expected " + conversion.group(3);
        }
        Matcher empty = EMPTY.matcher(flat);
        return empty.find() ? empty.group(1) + "=: expected a value" : flat;
    }
}
