package dev.culvert.observation;

import java.util.List;

/**
 * What a tunnel's lines say of it from beginning to end.
 *
 * @param client address of whoever is connected to us
 * @param target request target, as it came
 * @param protocol what was switched to, as the app named it
 * @param restored what had been lost on the way and was put back; empty for an upgrade that came whole
 */
public record TunnelInfo(String client, String target, String protocol, List<String> restored) {}
