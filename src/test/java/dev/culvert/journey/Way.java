package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT_101;

/** A way in which an upgrade ends: before the tunnel, with a refusal, or behind it, with a reason. */
enum Way {
    CLIENT_CLOSED("reason=client_closed") {
        @Override
        void go(Wire client, Wire app) {
            switched(client, app);
            client.finish();
            app.readAll();
            app.finish();
        }
    },
    APP_CLOSED("reason=app_closed") {
        @Override
        void go(Wire client, Wire app) {
            switched(client, app);
            app.finish();
            client.readAll();
            client.finish();
        }
    },
    CLIENT_RESET("reason=client_reset") {
        @Override
        void go(Wire client, Wire app) {
            switched(client, app);
            client.reset();
        }
    },
    APP_RESET("reason=app_reset") {
        @Override
        void go(Wire client, Wire app) {
            switched(client, app);
            app.reset();
        }
    },
    IDLE("reason=idle", "tunnel.idle-timeout=200ms") {
        @Override
        void go(Wire client, Wire app) {
            switched(client, app);
        }
    },
    LIFETIME("reason=lifetime", "tunnel.max-lifetime=200ms") {
        @Override
        void go(Wire client, Wire app) {
            switched(client, app);
        }
    },
    LINGER("reason=linger", "tunnel.linger=200ms") {
        @Override
        void go(Wire client, Wire app) {
            switched(client, app);
            client.finish();
        }
    },
    ANOTHER_ANSWER("") {
        @Override
        void go(Wire client, Wire app) {
            app.send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
        }
    },
    CUT_ANSWER("") {
        @Override
        void go(Wire client, Wire app) {
            app.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").finish();
        }
    },
    WRONG_101("reason=upstream_answer") {
        @Override
        void go(Wire client, Wire app) {
            app.send(CHAT_101.replace("chatproto", "another"));
        }
    },
    APP_REFUSES("reason=upstream_refused") {
        @Override
        void go(Wire client, Wire app) {}
    },
    APP_DIES("reason=upstream_closed") {
        @Override
        void go(Wire client, Wire app) {
            app.reset();
        }
    },
    CLIENT_LEAVES("") {
        @Override
        void go(Wire client, Wire app) {
            client.reset(); // an end alone is passed on, and the app may still answer
        }
    },
    HANDSHAKE_TIMEOUT("reason=upstream_handshake_timeout", "upstream.handshake-timeout=200ms") {
        @Override
        void go(Wire client, Wire app) {}
    };

    private final String logged;
    private final String settings;

    Way(String logged, String... settings) {
        this.logged = logged;
        this.settings = String.join(" ", settings);
    }

    /** What the access log says of it; empty where it says nothing. */
    String logged() {
        return logged;
    }

    /** What brings it about, beside the two ends. */
    String[] settings() {
        return settings.isEmpty() ? new String[0] : settings.split(" ", -1);
    }

    /** What the two ends do, once the app has the request. Where it is Culvert who ends it, they wait for that. */
    abstract void go(Wire client, Wire app);

    private static void switched(Wire client, Wire app) {
        app.send(CHAT_101);
        client.readHead();
    }
}
