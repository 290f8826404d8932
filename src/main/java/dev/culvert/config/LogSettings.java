package dev.culvert.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** What is written to the standard output. */
@ConfigMapping(prefix = "culvert.log")
public interface LogSettings {
    /** The least level that is written: `error`, `warn`, `info`, `debug` or `trace`. */
    @WithDefault("info")
    @WithConverter(Names.Level.class)
    String level();

    /** `plain`: a line of text; `json`: an object a line, the access log's keys as fields. */
    @WithDefault("plain")
    @WithConverter(Names.Format.class)
    String format();

    /** The access log, a line when a tunnel opens, when it ends and for each refusal: `on` or `off`. */
    @WithDefault("on")
    @WithConverter(Names.OnOff.class)
    boolean access();
}
