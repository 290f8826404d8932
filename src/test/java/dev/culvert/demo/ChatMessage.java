package dev.culvert.demo;

import io.vertx.core.json.JsonObject;

/**
 * Something that was said.
 *
 * @param id counts up over all rooms, from 1
 * @param sender who said it, and where
 * @param nonce the sender's own mark, by which it measures the way there and back
 * @param beat sent by the page itself to measure; nobody but its sender wants to see it
 * @param text what was said; shown as text, never as HTML
 */
record ChatMessage(long id, Visitor sender, String nonce, boolean beat, String text) {
    private static final int LONGEST_NONCE = 20;
    private static final int LONGEST_TEXT = 300;

    /**
     * @param json as it came from a browser: anything
     * @throws IllegalArgumentException when it is no message
     */
    static ChatMessage parse(long id, Visitor sender, String json) {
        try {
            JsonObject object = new JsonObject(json);
            String nonce = object.getString("nonce", "");
            String text = object.getString("text", "");
            if (nonce.length() > LONGEST_NONCE || text.length() > LONGEST_TEXT) {
                throw new IllegalArgumentException("too long");
            }
            return new ChatMessage(id, sender, nonce, object.getBoolean("beat", false), text);
        } catch (io.vertx.core.json.DecodeException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException("no message", e);
        }
    }

    boolean isFor(Visitor visitor) {
        return beat ? sender.equals(visitor) : sender.room().equals(visitor.room());
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("id", id)
                .put("client", sender.client())
                .put("nonce", nonce)
                .put("beat", beat)
                .put("text", text);
    }
}
