package dev.culvert.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One request and its answer, as nginx 1.22 forwards them where nobody told it about upgrades. It speaks HTTP/1.0 to the
 * upstream, writes Host and Connection anew and drops Upgrade. The answer it looks at with other eyes: a 101 to a client that
 * asked for an upgrade becomes a tunnel. That is why putting the pair back behind it is enough.
 */
final class BareExchange {
    /** Browsers open connections in advance; one that says nothing for so long is not worth its thread. */
    private static final int HEAD_MILLIS = 60_000;

    /** A chat's messages are short. Longer bodies, and those of unknown length, would have to be kept whole for HTTP/1.0. */
    private static final String SHORT_LENGTH = "[0-9]{1,5}";

    private static final String[] NOT_FORWARDED = {"Host", "Connection", "Upgrade", "Keep-Alive", "HTTP2-Settings"};

    private final Socket client;
    private final int upstreamPort;
    private final Executor threads;

    /** @param threads carries a tunnel's other direction */
    BareExchange(Socket client, int upstreamPort, Executor threads) {
        this.client = client;
        this.upstreamPort = upstreamPort;
        this.threads = threads;
    }

    /** Blocks until the exchange, or the tunnel that it became, is over. */
    void run() throws IOException {
        client.setTcpNoDelay(true);
        client.setSoTimeout(HEAD_MILLIS);
        InputStream fromClient = new BufferedInputStream(client.getInputStream());
        HttpHead request = HttpHead.read(fromClient);
        client.setSoTimeout(0);
        if (!request.value("Content-Length").orElse("0").matches(SHORT_LENGTH)
                || request.value("Transfer-Encoding").isPresent()) {
            refuse("413 Content Too Large");
            return;
        }
        try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), upstreamPort)) {
            upstream.setTcpNoDelay(true);
            forward(request, fromClient, upstream);
            InputStream fromUpstream = new BufferedInputStream(upstream.getInputStream());
            answer(request, HttpHead.read(fromUpstream), fromClient, fromUpstream, upstream);
        } catch (java.net.ConnectException e) {
            refuse("502 Bad Gateway");
        }
    }

    private void forward(HttpHead request, InputStream fromClient, Socket upstream) throws IOException {
        String start = request.start().replaceFirst(" HTTP/1\\.[0-9]$", " HTTP/1.0");
        String own = "Host: 127.0.0.1:" + upstreamPort + "\r\nConnection: close\r\n";
        upstream.getOutputStream().write(request.without(NOT_FORWARDED).encode(start, own));
        int length = request.value("Content-Length").map(Integer::parseInt).orElse(0);
        upstream.getOutputStream().write(fromClient.readNBytes(length));
    }

    private void answer(
            HttpHead request, HttpHead answer, InputStream fromClient, InputStream fromUpstream, Socket upstream)
            throws IOException {
        boolean switched = answer.start().startsWith("101", answer.start().indexOf(' ') + 1);
        if (switched && request.value("Upgrade").isPresent()) {
            client.getOutputStream().write(answer.encode(answer.start(), ""));
            tunnel(fromClient, fromUpstream, upstream);
        } else if (switched) {
            refuse("502 Bad Gateway"); // a client that asked for no upgrade would read a tunnel's bytes as an answer
        } else {
            String start = answer.start().replaceFirst("^HTTP/1\\.[0-9]", "HTTP/1.1");
            client.getOutputStream()
                    .write(answer.without("Connection", "Keep-Alive").encode(start, "Connection: close\r\n"));
            fromUpstream.transferTo(client.getOutputStream());
            client.shutdownOutput();
        }
    }

    /** Each direction ends by itself: an end is passed on as an end, and the other direction lives on. */
    private void tunnel(InputStream fromClient, InputStream fromUpstream, Socket upstream) {
        CompletableFuture<Void> toUpstream =
                CompletableFuture.runAsync(() -> pump(fromClient, client, upstream), threads);
        pump(fromUpstream, upstream, client);
        toUpstream.join();
    }

    private static void pump(InputStream bytes, Socket from, Socket to) {
        try {
            bytes.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException broken) {
            abort(from);
            abort(to);
        }
    }

    /** Neither direction has anything left to say once one of them broke. */
    private static void abort(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            return;
        }
    }

    private void refuse(String status) throws IOException {
        String answer = "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }
}
