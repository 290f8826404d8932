package dev.culvert.k8s;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value that an expression has constructed by type name.
 *
 * @param type {@code JSONPatch} or {@code Object.…}
 * @param fields what was set
 */
record Constructed(String type, Map<String, Object> fields) {
    static final String PATCH = "JSONPatch";

    /**
     * The value as JSON has it: maps, lists, strings, numbers and booleans.
     *
     * @throws IllegalStateException where the API server refuses: an Object's type must be the path of the field that it
     *     is set to (CheckTypeNamesMatchFieldPathNames)
     */
    static Object json(Object value, String path) {
        if (value instanceof Constructed object) {
            if (!object.type.equals(path)) {
                throw new IllegalStateException("unexpected type name " + object.type + ", expected " + path);
            }
            Map<String, Object> json = new LinkedHashMap<>();
            object.fields.forEach((field, inner) -> json.put(field, json(inner, path + "." + field)));
            return json;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> json = new LinkedHashMap<>();
            map.forEach((key, inner) -> json.put((String) key, json(inner, path)));
            return json;
        }
        if (value instanceof List<?> list) {
            List<Object> json = new ArrayList<>();
            list.forEach(inner -> json.add(json(inner, path)));
            return json;
        }
        return value;
    }
}
