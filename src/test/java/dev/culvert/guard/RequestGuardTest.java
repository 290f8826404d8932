package dev.culvert.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.RefusedException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Well-formed heads: RFC 9112 §3.2, §6. A row is method, version, target, fields parted by semicolons, and what comes of it. */
class RequestGuardTest {
    private static HttpRequest request(String method, String version, String target, String fields) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.valueOf(version), HttpMethod.valueOf(method), target);
        for (String field : fields.split(";", -1)) {
            if (!field.isBlank()) {
                request.headers()
                        .add(
                                field.substring(0, field.indexOf(':')).strip(),
                                field.substring(field.indexOf(':') + 1).strip());
            }
        }
        return request;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | HTTP/1.1 | /                        | Host: a:",
                "GET  | HTTP/1.1 | /                        | Host: [::1]:80",
                "GET  | HTTP/1.1 | /                        | Host: my_app.example",
                "GET  | HTTP/1.0 | /                        | X: no Host in 1.0",
                "POST | HTTP/1.1 | /                        | Host: a; Transfer-Encoding: Chunked",
            })
    void theseAreClean(String method, String version, String target, String fields) {
        HttpRequest request = request(method, version, target, fields);

        RequestGuard.check(request);

        assertThat(request.uri()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET     | HTTP/1.1 | /    | Host:                                     | bad_host",
                "GET     | HTTP/1.1 | /    | Host: a, b                                | bad_host",
                "GET     | HTTP/1.1 | /    | Host: a/b                                 | bad_host",
                "GET     | HTTP/1.1 | /    | Host: a:port                              | bad_host",
                "GET     | HTTP/1.0 | /    | Host: a; Host: b                          | bad_host",
                "GET     | HTTP/1.1 | *    | Host: a                                   | bad_target",
                "GET     | HTTP/1.1 | ftp://a/ | Host: a                               | bad_target",
                "GET     | HTTP/1.1 | http:///x | Host: a                              | bad_target",
                "GET     | HTTP/1.1 | http://u@a/x | Host: a                           | bad_target",
                "POST    | HTTP/1.1 | /    | Host: a; Content-Length: 0x1              | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Content-Length: -1               | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Content-Length:                  | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Content-Length: 9999999999999999999 | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Transfer-Encoding: chunked, chunked | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Transfer-Encoding: chunked; Transfer-Encoding: chunked | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Transfer-Encoding: chunked, identity | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Transfer-Encoding: xchunked      | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Transfer-Encoding: ,chunked      | bad_framing",
                "POST    | HTTP/1.1 | /    | Host: a; Transfer-Encoding: identity, chunked | unknown_coding",
                "CONNECT | HTTP/1.1 | a:1  | Host: a                                   | method",
                "TRACE   | HTTP/1.1 | /    | Host: a                                   | method",
            })
    void theseAreRefused(String method, String version, String target, String fields, String label) {
        HttpRequest request = request(method, version, target, fields);

        assertThatThrownBy(() -> RequestGuard.check(request))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().label()).isEqualTo(label));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET     | http://b.example:1/p?q | /p?q | b.example:1",
                "GET     | HTTP://b.example?q     | /?q  | b.example",
                "OPTIONS | http://b.example       | *    | b.example",
                "GET     | https://b.example      | /    | b.example",
            })
    void anAbsoluteTargetBecomesAPathAndAHost(String method, String target, String path, String host) {
        HttpRequest request = request(method, "HTTP/1.1", target, "Host: other");

        RequestGuard.check(request);

        assertThat(request.uri()).isEqualTo(path);
        assertThat(request.headers().getAll("Host")).containsExactly(host);
    }
}
