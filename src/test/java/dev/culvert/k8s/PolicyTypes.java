package dev.culvert.k8s;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.CelValueProvider;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The types that an expression of a policy constructs and selects from: {@code Object.…} with any field, as the API
 * server has it (cel/mutation/dynamic), {@code JSONPatch} with its four, and {@code variables} with those of the policy.
 */
final class PolicyTypes implements CelTypeProvider {
    static final String VARIABLES = "kubernetes.variables";

    private static final ImmutableMap<String, CelType> PATCH_FIELDS = ImmutableMap.of(
            "op", SimpleType.STRING, "path", SimpleType.STRING, "from", SimpleType.STRING, "value", SimpleType.DYN);

    private final ImmutableMap<String, StructType> types;

    /**
     * The types for one expression.
     *
     * @param parsed the expression: a field of an Object is one that it names
     * @param variables the policy's variables that come before it
     */
    PolicyTypes(CelAbstractSyntaxTree parsed, Map<String, CelType> variables) {
        Map<String, TreeSet<String>> fields = new TreeMap<>();
        CelNavigableAst.fromAst(parsed)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == ExprKind.Kind.STRUCT)
                .map(node -> node.expr().struct())
                .forEach(struct -> fields.computeIfAbsent(struct.messageName(), name -> new TreeSet<>())
                        .addAll(struct.entries().stream()
                                .map(CelExpr.CelStruct.Entry::fieldKey)
                                .toList()));
        ImmutableMap.Builder<String, StructType> structs = ImmutableMap.builder();
        Maps.filterKeys(fields, PolicyTypes::isObject)
                .forEach((name, named) -> structs.put(name, struct(name, Maps.toMap(named, field -> SimpleType.DYN))));
        structs.put(Constructed.PATCH, struct(Constructed.PATCH, PATCH_FIELDS));
        structs.put(VARIABLES, struct(VARIABLES, ImmutableMap.copyOf(variables)));
        types = structs.buildOrThrow();
    }

    private static boolean isObject(String name) {
        return name.equals("Object") || name.startsWith("Object.");
    }

    private static StructType struct(String name, ImmutableMap<String, CelType> fields) {
        return StructType.create(name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableSet.copyOf(types.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        return Optional.ofNullable(types.get(name));
    }

    /** Makes the values of these types. */
    static CelValueProvider values() {
        return (type, fields) -> type.equals(Constructed.PATCH) || isObject(type)
                ? Optional.of(new Constructed(type, fields))
                : Optional.empty();
    }
}
