package dev.culvert.k8s;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.culvert.config.Cidr;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/**
 * CEL with what the API server adds to it for admission policies, as far as the policies here use it. Google's CEL for
 * Java checks and evaluates; the API server's is the one for Go. Of the server's own functions, those that are used are
 * written here anew; its limits of cost are not.
 */
final class AdmissionCel {
    /** The API server asks for lists of one type; CEL for Java would have that said by an optional validator instead. */
    @SuppressWarnings("deprecation")
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHomogeneousLiterals(true)
            .enableHeterogeneousNumericComparisons(true)
            .build();

    private static final List<Function> FUNCTIONS = List.of(
            new Function("isQuantity", AdmissionCel::isQuantity),
            new Function("isIP", AdmissionCel::isAddress),
            new Function("isCIDR", text -> text.contains("/") && isBlock(text)));

    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .setValueProvider(PolicyTypes.values())
            .addLibraries(CelExtensions.optional(), CelExtensions.strings(), CelExtensions.lists())
            .addFunctionBindings(FUNCTIONS.stream().map(Function::binding).toList())
            .addFunctionBindings(CelFunctionBinding.from("jsonpatch.escapeKey", String.class, AdmissionCel::escapeKey))
            .build();

    private record Function(String name, CelFunctionOverload.Unary<String> test) {
        CelFunctionDecl declaration() {
            return CelFunctionDecl.newFunctionDeclaration(
                    name, CelOverloadDecl.newGlobalOverload(name, SimpleType.BOOL, SimpleType.STRING));
        }

        CelFunctionBinding binding() {
            return CelFunctionBinding.from(name, String.class, test);
        }
    }

    private AdmissionCel() {}

    /** An expression that has passed the type check, and the type of what it yields. */
    record Checked(CelAbstractSyntaxTree tree, CelType type) {
        /** Evaluates it with values for {@code object}, {@code oldObject}, {@code params} and {@code variables}. */
        Object evaluate(Map<String, Object> values) throws CelEvaluationException {
            return RUNTIME.createProgram(tree).eval(values);
        }
    }

    /**
     * Parses and type-checks.
     *
     * @param variables the types of the policy's variables that the expression may name
     */
    static Checked check(String expression, Map<String, CelType> variables) throws CelValidationException {
        CelAbstractSyntaxTree parsed = compiler().build().parse(expression).getAst();
        CelCompiler checker =
                compiler().setTypeProvider(new PolicyTypes(parsed, variables)).build();
        CelAbstractSyntaxTree checked = checker.check(parsed).getAst();
        return new Checked(checked, checked.getResultType());
    }

    private static CelCompilerBuilder compiler() {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.optional(), CelExtensions.strings())
                .addVar("object", SimpleType.DYN)
                .addVar("oldObject", SimpleType.DYN)
                .addVar("params", SimpleType.DYN)
                .addVar("variables", StructTypeReference.create(PolicyTypes.VARIABLES))
                .addFunctionDeclarations(
                        FUNCTIONS.stream().map(Function::declaration).toList())
                .addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        "jsonpatch.escapeKey",
                        CelOverloadDecl.newGlobalOverload(
                                "jsonpatch.escapeKey", SimpleType.STRING, SimpleType.STRING)));
    }

    private static Object escapeKey(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static boolean isQuantity(String text) {
        try {
            return Quantity.getAmountInBytes(new Quantity(text)) != null;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return false;
        }
    }

    private static boolean isAddress(String text) {
        return !text.contains("/") && isBlock(text);
    }

    private static boolean isBlock(String text) {
        try {
            return Cidr.parse(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
