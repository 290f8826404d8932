package dev.culvert.k8s;

import dev.cel.common.CelValidationException;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * What stands in {@code k8s/policy}.
 *
 * @param injection puts the container in
 * @param guard refuses
 * @param slips warns
 * @param defaults the injection's parameters
 */
record PolicyFolder(Policy injection, Policy guard, Policy slips, JsonNode defaults) {
    static final Path HOME = Manifests.HOME.resolve("policy");

    static PolicyFolder read() throws IOException, CelValidationException {
        return new PolicyFolder(
                new Policy(Manifests.read(HOME.resolve("inject.yaml"), "MutatingAdmissionPolicy")),
                new Policy(named("annotations.culvert.dev")),
                new Policy(named("slips.culvert.dev")),
                Manifests.read(HOME.resolve("defaults.yaml"), "ConfigMap"));
    }

    private static JsonNode named(String name) throws IOException {
        return Manifests.read(HOME.resolve("guard.yaml")).stream()
                .filter(document ->
                        document.path("metadata").path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
