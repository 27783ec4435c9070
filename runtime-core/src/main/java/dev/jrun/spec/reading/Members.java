// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Json;
import dev.jrun.json.JsonText;
import dev.jrun.json.MalformedJsonException;
import dev.jrun.json.Pointer;
import dev.jrun.spec.Maps;
import dev.jrun.spec.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * The members of one JSON object while a record is made of it. Each method reads one member by its name. If it is not
 * what it should be, that is reported, and the method returns something to go on with, so that all problems of a
 * document are found at once. A document with problems has no value, so nothing made up leaves this package but as a
 * {@link Draft}.
 *
 * <p>What is run for every document avoids what the JVM links at run time only, and no AOT cache holds: switches over
 * types, and the generated methods of records. One of these costs a cold start more than reading a configuration does.
 */
final class Members {
    private final Map<String, Json> members;
    private final Pointer pointer;
    private final ProblemCollector report;
    private final int problemsBefore;
    private final List<String> asked = new ArrayList<>();

    private Members(Json.Obj json, Pointer pointer, ProblemCollector report) {
        this.members = json.members();
        this.pointer = pointer;
        this.report = report;
        this.problemsBefore = report.count();
    }

    /** Makes a record of a document. */
    static <T> Reading<T> read(byte[] document, Function<Members, T> binding) {
        return draft(document, binding).reading();
    }

    /** Makes a record of a document, with problems or without. */
    static <T> Draft<T> draft(byte[] document, Function<Members, T> binding) {
        ProblemCollector report = new ProblemCollector();
        Optional<T> draft;
        try {
            draft = bind(JsonText.parse(document), Pointer.DOCUMENT, report, binding);
        } catch (MalformedJsonException e) {
            report.problem(Pointer.DOCUMENT, "", e.getMessage());
            draft = Optional.empty();
        }
        Optional<T> value = report.count() == 0 ? draft : Optional.empty();
        return new Draft<>(draft, new Reading<>(value, report.problems(), report.warnings()));
    }

    /** What is made of an object, with problems or without. */
    private static <T> Optional<T> bind(
            Json json, Pointer pointer, ProblemCollector report, Function<Members, T> binding) {
        if (!(json instanceof Json.Obj obj)) {
            report.problem(pointer, json.shown(), "allowed: an object");
            return Optional.empty();
        }
        Members members = new Members(obj, pointer, report);
        T bound = binding.apply(members);
        members.warnOfMisspelledNames();
        return Optional.of(bound);
    }

    /** What is made of an object that has no problems. */
    private static <T> Optional<T> bindSound(
            Json json, Pointer pointer, ProblemCollector report, Function<Members, T> binding) {
        int before = report.count();
        Optional<T> bound = bind(json, pointer, report, binding);
        return report.count() == before ? bound : Optional.empty();
    }

    /** Where the object is. */
    Pointer at() {
        return pointer;
    }

    /** Where a member is. */
    Pointer at(String name) {
        return pointer.member(name);
    }

    ProblemCollector report() {
        return report;
    }

    /** Whether something in this object, at any depth, is wrong. */
    boolean failed() {
        return report.count() > problemsBefore;
    }

    /** Whether something in this member, at any depth, is wrong. */
    boolean failedAt(String name) {
        return failed() && report.hasProblemAtOrBelow(at(name));
    }

    /** Whether the object has this member; {@code null} is none. */
    boolean has(String name) {
        return find(name).isPresent();
    }

    boolean flag(String name) {
        Optional<Json> json = find(name);
        if (json.isEmpty()) {
            return false;
        }
        if (json.get() instanceof Json.Bool(boolean value)) {
            return value;
        }
        problem(at(name), json.get().shown(), "allowed: true or false");
        return false;
    }

    /** A string that is not empty; an empty one is an absent one. */
    Optional<String> string(String name) {
        Optional<Json> json = find(name);
        Optional<String> value = json.isPresent() ? string(json.get(), at(name)) : Optional.empty();
        return value.isPresent() && value.get().isEmpty() ? Optional.empty() : value;
    }

    String requiredString(String name) {
        if (!has(name)) {
            problem(at(name), "nothing", "required: a string");
            return "";
        }
        Optional<Json> json = find(name);
        Optional<String> value = json.isPresent() ? string(json.get(), at(name)) : Optional.empty();
        if (value.isPresent() && value.get().isEmpty()) {
            problem(at(name), "\"\"", "allowed: a string that is not empty");
        }
        return value.orElse("");
    }

    /** A string of some syntax. */
    Optional<String> string(String name, Syntax syntax) {
        Optional<String> value = string(name);
        value.filter(text -> !syntax.allows(text))
                .ifPresent(text -> problem(at(name), Json.quoted(text), "allowed: " + syntax.allowed()));
        return value;
    }

    String requiredString(String name, Syntax syntax) {
        String value = requiredString(name);
        if (!value.isEmpty() && !syntax.allows(value)) {
            problem(at(name), Json.quoted(value), "allowed: " + syntax.allowed());
        }
        return value;
    }

    List<String> strings(String name) {
        return list(name, Members::string);
    }

    List<String> strings(String name, Syntax syntax) {
        return list(name, (members, json, at) -> {
            Optional<String> value = members.string(json, at);
            if (value.isPresent() && !syntax.allows(value.get())) {
                problem(at, Json.quoted(value.get()), "allowed: " + syntax.allowed());
            }
            return value;
        });
    }

    /** Strings; what is none is an empty one, so that those behind it keep their indices. */
    List<String> stringsInTheirPlaces(String name) {
        return list(
                name,
                (members, json, at) -> Optional.of(members.string(json, at).orElse("")));
    }

    /** Strings where an absent list differs from an empty one. */
    Optional<List<String>> optionalStrings(String name) {
        return has(name) ? Optional.of(strings(name)) : Optional.empty();
    }

    SequencedMap<String, String> stringMap(String name) {
        return map(name, Members::string);
    }

    OptionalLong number(String name, Range range) {
        Optional<Json> json = find(name);
        return json.isPresent() ? number(json.get(), at(name), range) : OptionalLong.empty();
    }

    /** A number whose range fits an {@code int}. */
    OptionalInt smallNumber(String name, Range range) {
        OptionalLong number = number(name, range);
        return number.isPresent() ? OptionalInt.of(Math.toIntExact(number.getAsLong())) : OptionalInt.empty();
    }

    long requiredNumber(String name, Range range) {
        if (!has(name)) {
            problem(at(name), "nothing", "required: " + range);
        }
        return number(name, range).orElse(0);
    }

    List<Long> numbers(String name, Range range) {
        return list(name, (members, json, at) -> {
            OptionalLong number = members.number(json, at, range);
            return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
        });
    }

    <E> Optional<E> oneOf(String name, Names<E> names) {
        return string(name).flatMap(value -> named(value, names, at(name)));
    }

    <E> E requiredOneOf(String name, Names<E> names) {
        if (!has(name)) {
            problem(at(name), "nothing", "required: one of " + String.join(", ", names.all()));
            return names.any();
        }
        String value = requiredString(name);
        return value.isEmpty() ? names.any() : named(value, names, at(name)).orElse(names.any());
    }

    <E> List<E> eachOneOf(String name, Names<E> names) {
        return list(
                name,
                (members, json, at) -> members.string(json, at).flatMap(value -> members.named(value, names, at)));
    }

    <T> Optional<T> object(String name, Function<Members, T> binding) {
        Optional<Json> json = find(name);
        return json.isPresent() ? bind(json.get(), at(name), report, binding) : Optional.empty();
    }

    /** Objects; those with problems are left out. */
    <T> List<T> objects(String name, Function<Members, T> binding) {
        return list(name, (members, json, at) -> bindSound(json, at, members.report, binding));
    }

    /** Objects by name; those with problems are left out. */
    <T> SequencedMap<String, T> objectMap(String name, Function<Members, T> binding) {
        return map(name, (members, json, at) -> bindSound(json, at, members.report, binding));
    }

    /** Reports a second element with the same name in a list. */
    <T> void checkDistinct(String name, List<T> list, Function<T, String> nameOf) {
        if (failedAt(name)) {
            return;
        }
        Collection<String> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String key = nameOf.apply(list.get(i));
            if (!seen.add(key)) {
                problem(at(name).element(i), "a second " + key, "allowed: one of each type");
            }
        }
    }

    /** Reports what is wrong with a member. */
    void problem(String name, String message) {
        problem(at(name), find(name).map(Json::shown).orElse("nothing"), message);
    }

    void problem(Pointer at, String found, String message) {
        problem(at, found, message, Optional.empty());
    }

    void problem(Pointer at, String found, String message, Optional<String> suggestion) {
        report.problem(at, found, message, suggestion);
    }

    /** Reports what is accepted, but should not be relied on. */
    void warning(String name, String message) {
        warning(at(name), find(name).map(Json::shown).orElse("nothing"), message, Optional.empty());
    }

    void warning(Pointer at, String found, String message, Optional<String> suggestion) {
        report.warning(at, found, message, suggestion);
    }

    private Optional<Json> find(String name) {
        asked.add(name);
        Json json = members.get(name);
        return json == null || json instanceof Json.Null ? Optional.empty() : Optional.of(json);
    }

    private Optional<String> string(Json json, Pointer at) {
        if (!(json instanceof Json.Str(String value))) {
            report.problem(at, json.shown(), "allowed: a string");
            return Optional.empty();
        }
        if (!isText(value)) {
            problem(at, Json.quoted(value), "allowed: Unicode text without NUL");
            return Optional.empty();
        }
        return Optional.of(value);
    }

    /** The kernel's strings end at the first NUL, and half of a surrogate pair has no encoding in UTF-8. */
    private static boolean isText(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private OptionalLong number(Json json, Pointer at, Range range) {
        OptionalLong number = json instanceof Json.Num(String text) ? range.parse(text) : OptionalLong.empty();
        if (number.isEmpty()) {
            report.problem(at, json.shown(), "allowed: " + range);
        }
        return number;
    }

    private <E> Optional<E> named(String value, Names<E> names, Pointer at) {
        Optional<E> found = names.find(value);
        if (found.isEmpty()) {
            report.problem(
                    at,
                    Json.quoted(value),
                    "allowed: " + String.join(", ", names.all()),
                    Spelling.nearest(value, names.all()));
        }
        return found;
    }

    private <T> List<T> list(String name, ElementReader<T> reader) {
        Optional<Json> json = find(name);
        if (json.isEmpty()) {
            return List.of();
        }
        if (!(json.get() instanceof Json.Arr(List<Json> elements))) {
            problem(at(name), json.get().shown(), "allowed: an array");
            return List.of();
        }
        Pointer at = at(name);
        List<T> list = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            Optional<T> element = reader.read(this, elements.get(i), at.element(i));
            if (element.isPresent()) {
                list.add(element.get());
            }
        }
        return list;
    }

    private <T> SequencedMap<String, T> map(String name, ElementReader<T> reader) {
        Optional<Json> json = find(name);
        if (json.isEmpty()) {
            return Maps.empty();
        }
        if (!(json.get() instanceof Json.Obj(SequencedMap<String, Json> entries))) {
            problem(at(name), json.get().shown(), "allowed: an object");
            return Maps.empty();
        }
        Pointer at = at(name);
        SequencedMap<String, T> map = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            if (key.isEmpty() || !isText(key)) {
                problem(at, "the name " + Json.quoted(key), "allowed: names of Unicode text without NUL");
            } else if (!(value instanceof Json.Null)) {
                reader.read(this, value, at.member(key)).ifPresent(entry -> map.put(key, entry));
            }
        });
        return map;
    }

    /**
     * Unknown properties are to be ignored (config.md, "Extensibility"). But one whose name differs from a known one by
     * a letter, or in case only, is more likely a mistake; Go's runtimes even accept the latter.
     */
    private void warnOfMisspelledNames() {
        for (String name : members.keySet()) {
            if (!asked.contains(name)) {
                Optional<String> meant = Spelling.nearest(name, asked, 1).filter(other -> !members.containsKey(other));
                if (meant.isPresent()) {
                    report.warning(at(name), "", "unknown property, ignored", meant);
                }
            }
        }
    }

    private interface ElementReader<T> {
        Optional<T> read(Members members, Json json, Pointer at);
    }
}
