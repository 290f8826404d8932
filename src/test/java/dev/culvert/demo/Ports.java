package dev.culvert.demo;

/**
 * Where the demo listens, all on 127.0.0.1; 0 takes any free port.
 *
 * @param app the chat and the page
 * @param straight the front that stands straight before the app
 * @param through the front that stands before Culvert
 * @param culvert Culvert itself
 */
record Ports(int app, int straight, int through, int culvert) {
    /** As the README tells it. */
    static final Ports STORY = new Ports(8050, 8051, 8052, 10101);

    /** For tests, which run beside anything. */
    static final Ports ANY = new Ports(0, 0, 0, 0);
}
