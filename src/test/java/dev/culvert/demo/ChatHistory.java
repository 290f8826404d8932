package dev.culvert.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The last messages, and whoever listens for the next. Belongs to the app's one event loop, so nothing is locked. */
final class ChatHistory {
    /** Of each kind: the beats of a few open pages must not push out what people said. */
    private static final int KEPT = 50;

    private static final int MOST_LISTENERS = 200;

    private final Deque<ChatMessage> talk = new ArrayDeque<>();
    private final Deque<ChatMessage> beats = new ArrayDeque<>();
    private final Map<Consumer<ChatMessage>, Visitor> listeners = new LinkedHashMap<>();
    private long last;

    /**
     * Keeps a message, and gives it to all who listen for it.
     *
     * @throws IllegalArgumentException when it is no message
     */
    void say(Visitor sender, String json) {
        ChatMessage message = ChatMessage.parse(last + 1, sender, json);
        last = message.id();
        Deque<ChatMessage> kept = message.beat() ? beats : talk;
        kept.addLast(message);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
        for (Map.Entry<Consumer<ChatMessage>, Visitor> entry : List.copyOf(listeners.entrySet())) {
            if (message.isFor(entry.getValue())) {
                entry.getKey().accept(message);
            }
        }
    }

    /** What a visitor missed since the message with that id, the oldest first. */
    List<ChatMessage> since(long id, Visitor visitor) {
        List<ChatMessage> missed = new ArrayList<>();
        Stream.of(talk, beats).flatMap(Deque::stream).forEach(message -> {
            if (message.id() > id && message.isFor(visitor)) {
                missed.add(message);
            }
        });
        missed.sort(Comparator.comparingLong(ChatMessage::id));
        return missed;
    }

    /** Whether one more may listen. */
    boolean hasRoom() {
        return listeners.size() < MOST_LISTENERS;
    }

    void listen(Visitor visitor, Consumer<ChatMessage> listener) {
        listeners.put(listener, visitor);
    }

    void leave(Consumer<ChatMessage> listener) {
        listeners.remove(listener);
    }
}
