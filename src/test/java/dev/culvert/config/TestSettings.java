package dev.culvert.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.TreeMap;

/** Settings as a test wants them, the others at their defaults. */
public final class TestSettings {
    private TestSettings() {}

    /**
     * Some settings.
     *
     * @param settings {@code key=value}, without the leading {@code culvert.}
     */
    public static Settings of(String... settings) {
        Map<String, String> properties = new TreeMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            properties.put("culvert." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return Settings.of(Settings.build(
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(properties, "test", 500))));
    }
}
