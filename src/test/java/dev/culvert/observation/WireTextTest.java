package dev.culvert.observation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WireTextTest {
    @Test
    void nobodyWritesASecondLineOrATerminalEscape() {
        assertThat(WireText.quoted("/a\r\nINFO fake\u001b[31m\"\\\u00e9"))
                .isEqualTo("\"/a\\x0d\\x0aINFO fake\\x1b[31m\\\"\\\\\\xe9\"");
    }

    @Test
    void aLongTextIsCut() {
        assertThat(WireText.escaped("x".repeat(5000))).hasSize(1027).endsWith("...");
    }
}
