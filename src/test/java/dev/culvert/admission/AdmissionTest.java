package dev.culvert.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.Settings;
import dev.culvert.config.TestSettings;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static Admission admission(String key, String value) {
        Settings settings = Settings.of(Settings.build(
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(Map.of(key, value), "test", 1))));
        return new Admission(settings.limits(), settings.upgrade(), () -> false);
    }

    private static HttpRequest request() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    }

    @Test
    void aPermitGivesBackOnePlaceHoweverOftenItIsReleased() {
        Admission admission = admission("culvert.limits.tunnels", "2");
        Admission.Permit first = admission.admit(request());
        admission.admit(request());
        first.release();
        first.release();

        assertThat(admission.permits()).isEqualTo(1);
        admission.admit(request());
        assertThatThrownBy(() -> admission.admit(request()))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.TUNNEL_LIMIT));
        assertThat(admission.permits()).isEqualTo(2);
    }

    @Test
    void nothingIsAdmittedWhileSlowReadersHoldAllMemory() {
        Settings settings = TestSettings.of();
        AtomicBoolean full = new AtomicBoolean(true);
        Admission admission = new Admission(settings.limits(), settings.upgrade(), full::get);

        assertThatThrownBy(admission::checkMemory)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.MEMORY));
        full.set(false);
        admission.checkMemory();
    }

    @Test
    void nothingIsAdmittedOnTheWayOut() {
        Admission admission = admission("culvert.limits.tunnels", "0");
        admission.close();

        assertThatThrownBy(() -> admission.admit(request()))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.DRAINING));
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, https://a.example, true",
        "https://a.example, HTTPS://A.example, true",
        "https://a.example, http://a.example, false",
        "https://a.example, https://a.example:8443, false",
        "https://*.a.example, https://b.a.example, true",
        "https://*.a.example, https://a.example, false",
        "https://*.a.example, https://evil-a.example, false",
        "https://*.a.example, https://evil/.a.example, false",
        "https://a.example, null, false",
    })
    void anOriginMatchesWholly(String allowed, String origin, boolean admitted) {
        Admission admission = admission("culvert.upgrade.origins", allowed);
        HttpRequest request = request();
        request.headers().add("Origin", origin);

        if (admitted) {
            assertThat(admission.admit(request)).isNotNull();
        } else {
            assertThatThrownBy(() -> admission.admit(request)).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void whereOriginsAreListedARequestWithoutOneIsRefused() {
        assertThatThrownBy(() -> admission("culvert.upgrade.origins", "https://a.example")
                        .admit(request()))
                .isInstanceOf(RefusedException.class);
    }
}
