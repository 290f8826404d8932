package dev.culvert.k8s;

import dev.cel.runtime.CelEvaluationException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * What comes of a request, in the order of the API server: the injection, then both policies that validate.
 *
 * @param object the object as it would be stored
 * @param refusals what the guard says; the API server passes on the first
 * @param warnings what the slips say
 */
record Admission(JsonNode object, List<String> refusals, List<String> warnings) {
    /** An object is created. */
    static Admission of(PolicyFolder policy, JsonNode object) throws CelEvaluationException {
        return of(policy, object, NullNode.getInstance());
    }

    /** An object is created, or updated where it is not null that was there before. */
    static Admission of(PolicyFolder policy, JsonNode object, JsonNode before) throws CelEvaluationException {
        boolean isInjected = object.path("kind").asString().equals("Pod")
                && policy.injection().selects(object)
                && policy.injection().unmet(object).isEmpty();
        JsonNode stored = isInjected ? policy.injection().mutated(object, policy.defaults()) : object;
        return new Admission(stored, said(policy.guard(), stored, before), said(policy.slips(), stored, before));
    }

    private static List<String> said(Policy policy, JsonNode object, JsonNode before) throws CelEvaluationException {
        return policy.unmet(object, before).isEmpty() ? policy.objections(object) : List.of();
    }
}
