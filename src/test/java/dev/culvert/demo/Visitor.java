package dev.culvert.demo;

import io.vertx.core.http.HttpServerRequest;

/**
 * A page in a room, as its request's query names it.
 *
 * @param room "with" or "without"; the app itself makes no difference between them
 * @param client what the page calls itself
 */
record Visitor(String room, String client) {
    private static final String NAME = "[a-z0-9]{1,16}";

    /** @throws IllegalArgumentException when one is missing, or is no short name */
    static Visitor of(HttpServerRequest request) {
        return new Visitor(name(request, "room"), name(request, "client"));
    }

    private static String name(HttpServerRequest request, String parameter) {
        String value = request.getParam(parameter, "");
        if (!value.matches(NAME)) {
            throw new IllegalArgumentException(parameter + ": expected " + NAME);
        }
        return value;
    }
}
