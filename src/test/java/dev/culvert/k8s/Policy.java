package dev.culvert.k8s;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * An admission policy, mutating or validating, whose expressions have passed the type check, each with the type that
 * Kubernetes asks for at its place.
 *
 * <p>Variables are evaluated one after the other, all of them, where the API server evaluates those that are needed: what
 * passes here passes there.
 */
final class Policy {
    private record Named(String name, AdmissionCel.Checked expression) {}

    private record Validation(AdmissionCel.Checked expression, Optional<AdmissionCel.Checked> says, String message) {}

    private final JsonNode labels;
    private final List<Named> conditions = new ArrayList<>();
    private final List<Named> variables = new ArrayList<>();
    private final List<AdmissionCel.Checked> patches = new ArrayList<>();
    private final List<Validation> validations = new ArrayList<>();

    /**
     * Reads a policy.
     *
     * @param manifest a MutatingAdmissionPolicy or a ValidatingAdmissionPolicy
     * @throws CelValidationException where an expression is wrong
     */
    Policy(JsonNode manifest) throws CelValidationException {
        JsonNode spec = manifest.path("spec");
        labels = spec.at("/matchConstraints/objectSelector/matchLabels");
        for (JsonNode condition : spec.path("matchConditions")) {
            conditions.add(new Named(
                    condition.path("name").asString(),
                    checked(condition.path("expression"), Map.of(), SimpleType.BOOL::equals)));
        }
        Map<String, CelType> types = new TreeMap<>();
        for (JsonNode variable : spec.path("variables")) {
            AdmissionCel.Checked expression =
                    AdmissionCel.check(variable.path("expression").asString(), types);
            variables.add(new Named(variable.path("name").asString(), expression));
            types.put(variable.path("name").asString(), expression.type());
        }
        for (JsonNode mutation : spec.path("mutations")) {
            patches.add(checked(mutation.path("jsonPatch").path("expression"), types, Policy::isPatch));
        }
        for (JsonNode validation : spec.path("validations")) {
            JsonNode says = validation.path("messageExpression");
            validations.add(new Validation(
                    checked(validation.path("expression"), types, SimpleType.BOOL::equals),
                    says.isMissingNode()
                            ? Optional.empty()
                            : Optional.of(checked(says, types, SimpleType.STRING::equals)),
                    validation.path("message").asString()));
        }
    }

    private static AdmissionCel.Checked checked(
            JsonNode expression, Map<String, CelType> types, Predicate<CelType> wanted) throws CelValidationException {
        AdmissionCel.Checked checked = AdmissionCel.check(expression.asString(), types);
        if (!wanted.test(checked.type())) {
            throw new IllegalArgumentException(checked.type() + " is the wrong type here: " + expression);
        }
        return checked;
    }

    private static boolean isPatch(CelType type) {
        return type instanceof ListType list && list.elemType().name().equals(Constructed.PATCH);
    }

    /** Whether an object has the labels that the policy asks for, if it asks for any. */
    boolean selects(JsonNode object) {
        JsonNode own = object.path("metadata").path("labels");
        return labels.properties().stream().allMatch(label -> label.getValue().equals(own.path(label.getKey())));
    }

    /** The names of the conditions that keep the policy from an object that is created. */
    List<String> unmet(JsonNode object) throws CelEvaluationException {
        return unmet(object, NullNode.getInstance());
    }

    /** The names of the conditions that keep the policy from an object that is updated; before, it was another. */
    List<String> unmet(JsonNode object, JsonNode oldObject) throws CelEvaluationException {
        List<String> names = new ArrayList<>();
        Map<String, Object> values = Map.of("object", plain(object), "oldObject", plain(oldObject));
        for (Named condition : conditions) {
            if (!condition.expression().evaluate(values).equals(true)) {
                names.add(condition.name());
            }
        }
        return names;
    }

    /** The object after the mutations, which follow one another. */
    JsonNode mutated(JsonNode object, JsonNode params) throws CelEvaluationException {
        JsonNode result = object;
        for (AdmissionCel.Checked patch : patches) {
            List<Object> operations = new ArrayList<>();
            for (Object operation : (List<?>) patch.evaluate(values(result, params))) {
                operations.add(operation(((Constructed) operation).fields()));
            }
            result = JsonPatch.apply(Manifests.JSON.valueToTree(operations), result);
        }
        return result;
    }

    private static Map<String, Object> operation(Map<String, Object> fields) {
        Map<String, Object> json = new LinkedHashMap<>(fields);
        json.computeIfPresent(
                "value",
                (name, value) -> Constructed.json(value, value instanceof Constructed object ? object.type() : ""));
        return json;
    }

    /** What the validations say that fail. */
    List<String> objections(JsonNode object) throws CelEvaluationException {
        List<String> messages = new ArrayList<>();
        Map<String, Object> values = values(object, Manifests.JSON.createObjectNode());
        for (Validation validation : validations) {
            if (!validation.expression().evaluate(values).equals(true)) {
                messages.add(
                        validation.says().isPresent()
                                ? (String) validation.says().get().evaluate(values)
                                : validation.message());
            }
        }
        return messages;
    }

    private Map<String, Object> values(JsonNode object, JsonNode params) throws CelEvaluationException {
        Map<String, Object> own = new TreeMap<>();
        Map<String, Object> values = Map.of("object", plain(object), "params", plain(params), "variables", own);
        for (Named variable : variables) {
            own.put(variable.name(), variable.expression().evaluate(values));
        }
        return values;
    }

    private static Object plain(JsonNode node) {
        return node.isNull() ? NullValue.NULL_VALUE : Manifests.JSON.convertValue(node, Object.class);
    }
}
