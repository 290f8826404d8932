package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.wire.Dialogue;
import java.util.List;
import java.util.stream.Stream;

/**
 * A client and an app that speak through Culvert. It is not over before neither side has anything left but the end of the
 * other's stream, and every tunnel that opened has closed.
 */
final class Conversation implements AutoCloseable {
    private static final String OPENED = "tunnel.opened";
    private static final String CLOSED = "tunnel.closed";

    private final Stage stage;
    private final Peer client;
    private final String address;
    private final int logged;
    private Peer app;

    Conversation(Stage stage) {
        this.stage = stage;
        this.logged = stage.culvert().log().size();
        this.client = new Peer("the client", Wire.connect(stage.culvert().port()));
        this.address = "client=127.0.0.1:" + client.wire().socket().getLocalPort() + " ";
    }

    /** Plays a dialogue's steps one after the other, and waits until its room is free again. */
    static void play(Stage stage, Dialogue dialogue) {
        String at = "the start";
        try (Conversation conversation = new Conversation(stage)) {
            for (Dialogue.Step step : dialogue.steps()) {
                at = abbreviated(step);
                conversation.step(step.marker(), step.text());
            }
            at = "the end";
            conversation.finish();
            stage.awaitRoom();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(dialogue + "\nat " + at + "\n" + e.getMessage(), e);
        }
    }

    private static String abbreviated(Dialogue.Step step) {
        String text = step.toString();
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }

    private void step(String marker, String text) {
        if (marker.equals("log:")) {
            logs(text.split(" "));
        } else if (text.equals("is left alone")) {
            assertThat(stage.isLeftAlone()).as("no connection to the app").isTrue();
        } else if (text.startsWith("is refused ")) {
            String[] words = text.split(" ", -1);
            isRefused(words[2], words[3]);
        } else if (text.equals("is connected anew")) {
            app().finish();
            app = null;
        } else {
            Peer peer = marker.startsWith("C") ? client : app();
            switch (marker.substring(1)) {
                case ">" -> peer.send(text);
                case "<" -> peer.get(text);
                case "~" -> peer.getHead(text);
                case "%" -> peer.getChunks(text);
                case ":" -> does(peer, text);
                default -> throw new IllegalArgumentException("no such step: " + marker);
            }
        }
    }

    /** The client gets one whole answer of ours and the end of the connection; an app that was not connected never is. */
    private void isRefused(String status, String reason) {
        client.getRefusal(status, reason);
        logs("request.refused", " status=" + status + " ", " reason=" + reason + " ");
        if (app == null) {
            assertThat(stage.isLeftAlone()).as("no connection to the app").isTrue();
        }
    }

    private static void does(Peer peer, String what) {
        switch (what) {
            case "ends" -> peer.end();
            case "resets" -> peer.reset();
            case "gets the end" -> peer.getEnd();
            case "gets a reset" -> peer.getReset();
            case "is cut off" -> peer.isCutOff();
            case "is given up" -> peer.getsGone();
            default -> throw new IllegalArgumentException("no such step: " + what);
        }
    }

    /** The app's side, which is there when it is needed first. */
    Peer app() {
        if (app == null) {
            app = new Peer("the app", stage.app().accept());
        }
        return app;
    }

    Peer client() {
        return client;
    }

    /** Waits for a line of the access log about this client that has each of these words. */
    void logs(String... words) {
        Await.until(
                "a line of the log with " + List.of(words) + " among " + lines().toList(),
                () -> lines().anyMatch(line -> Stream.of(words).allMatch(line::contains)));
    }

    private Stream<String> lines() {
        return stage.culvert().log().stream()
                .skip(logged)
                .filter(line -> line.contains(address))
                .map(line -> line + " "); // the last word ends like the others
    }

    private long count(String event) {
        return lines().filter(line -> line.contains(event)).count();
    }

    /** Both sides end, and hear of nothing but the other's end; every tunnel that opened has closed. */
    void finish() {
        if (app != null) {
            app.end();
        }
        client.finish();
        if (app != null) {
            app.finish();
        }
        Await.until("the tunnel is closed", () -> count(OPENED) == count(CLOSED));
    }

    @Override
    public void close() {
        client.close();
        if (app != null) {
            app.close();
        }
    }
}
