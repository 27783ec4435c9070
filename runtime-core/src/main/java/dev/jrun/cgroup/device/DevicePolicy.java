// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.DeviceRule.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a container may do with device nodes, in the terms of the devices controller of cgroup v1: all or nothing, and
 * exceptions from that. A device program for cgroup v2 is made from the same policy, so both decide alike.
 *
 * @param allowsByDefault whether what no exception is about is allowed
 * @param exceptions the access that is treated the other way, and where that comes from
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/devices.html">devices.rst</a>
 */
public record DevicePolicy(boolean allowsByDefault, SortedMap<DeviceNumbers, Access> exceptions) {
    /** Whatever device it is about, it is allowed. */
    public static final DevicePolicy EVERYTHING = new DevicePolicy(true, new TreeMap<>());

    /** Whatever device it is about, it is denied. */
    public static final DevicePolicy NOTHING = new DevicePolicy(false, new TreeMap<>());

    private static final String POINTER = "/linux/resources/devices";
    private static final DeviceAccess NO_ACCESS = DeviceAccess.of("");

    /**
     * That many always have room in a device program; clients write some dozens. Where they differ in their access, the
     * kernel's verifier takes a thousand, and then says that there are too many.
     */
    static final int MOST_RULES = 4096;

    /** All containers may use these, even against a rule of their own, because runc lets them. */
    private static final List<Rule> DEFAULTS = List.of(
            allowed("m", new DeviceNumbers(DeviceType.CHARACTER, DeviceNumbers.ANY, DeviceNumbers.ANY)),
            allowed("m", new DeviceNumbers(DeviceType.BLOCK, DeviceNumbers.ANY, DeviceNumbers.ANY)),
            allowed("rwm", character(1, 3)), // null
            allowed("rwm", character(1, 5)), // zero
            allowed("rwm", character(1, 7)), // full
            allowed("rwm", character(1, 8)), // random
            allowed("rwm", character(1, 9)), // urandom
            allowed("rwm", character(5, 0)), // tty
            allowed("rwm", character(5, 2)), // ptmx
            allowed("rwm", character(10, 200)), // net/tun
            allowed("rwm", character(136, DeviceNumbers.ANY))); // pts/*

    /**
     * An exception's access.
     *
     * @param pointer to the rule in config.json, empty for a default
     */
    public record Access(DeviceAccess access, String pointer) {}

    private record Rule(boolean allow, DeviceNumbers numbers, DeviceAccess access, String pointer) {
        String describe() {
            return "%s %s %s%s"
                    .formatted(
                            allow ? "allow" : "deny",
                            numbers,
                            access,
                            pointer.isEmpty() ? " (that is allowed in every container)" : "");
        }
    }

    public DevicePolicy {
        exceptions = Collections.unmodifiableSortedMap(new TreeMap<>(exceptions));
    }

    /**
     * The policy of these rules, of which each changes what the ones before it left ("The runtime MUST apply entries in
     * the listed order", config-linux.md), and of the defaults after them.
     *
     * @throws CgroupException if there are too many rules, or if one is an exception from an exception, which the
     *     devices controller does not have: {@code allow c 1:* rw} and then {@code deny c 1:3 w}
     */
    public static DevicePolicy of(List<DeviceRule> rules) throws CgroupException {
        return of(rules, 0, new Builder());
    }

    /** Where a rule of a document is. */
    static String pointer(int index) {
        return POINTER + "/" + index;
    }

    private static DevicePolicy of(List<DeviceRule> rules, int first, Builder builder) throws CgroupException {
        if (rules.size() > MOST_RULES) {
            throw tooMany(rules.size());
        }
        for (int index = 0; index < rules.size(); index++) {
            builder.apply(rules.get(index), pointer(first + index));
        }
        for (Rule rule : DEFAULTS) {
            builder.applyDefault(rule);
        }
        return builder.build();
    }

    private static CgroupException tooMany(int count) {
        return CgroupException.ofField(
                POINTER, "devices controller: found %d rules; allowed: at most %d".formatted(count, MOST_RULES));
    }

    /**
     * What these rules make of it, each of which changes what the ones before it left; what none is about stays as it
     * is.
     *
     * @param first the index of the first of them in its document
     * @throws CgroupException as {@link #of}
     */
    public DevicePolicy and(List<DeviceRule> rules, int first) throws CgroupException {
        Builder builder = new Builder();
        builder.allowsByDefault = allowsByDefault;
        builder.exceptions.putAll(exceptions);
        if (!allowsByDefault) {
            // They come last again.
            for (Rule rule : DEFAULTS) {
                builder.takeFrom(rule.numbers(), rule.access());
            }
        }
        DevicePolicy policy = of(rules, first, builder);
        if (policy.asRules().size() > MOST_RULES) {
            throw tooMany(policy.asRules().size());
        }
        return policy;
    }

    /** As few rules as lead to it, in an order that policies that decide alike have in common. */
    public List<DeviceRule> asRules() {
        List<DeviceRule> rules = new ArrayList<>(exceptions.size() + 1);
        rules.add(rule(allowsByDefault, Type.ALL, DeviceNumbers.ANY, DeviceNumbers.ANY, DeviceAccess.ALL));
        for (Entry<DeviceNumbers, Access> exception : exceptions.entrySet()) {
            DeviceNumbers numbers = exception.getKey();
            Type type = numbers.type() == DeviceType.BLOCK ? Type.BLOCK : Type.CHARACTER;
            DeviceAccess access = exception.getValue().access();
            rules.add(rule(!allowsByDefault, type, numbers.major(), numbers.minor(), access));
        }
        return rules;
    }

    /** The exceptions of this policy, as far as another, with the same default, does not have them. */
    public List<Entry<DeviceNumbers, Access>> exceptionsBeyond(DevicePolicy other) {
        List<Entry<DeviceNumbers, Access>> beyond = new ArrayList<>();
        for (Entry<DeviceNumbers, Access> exception : exceptions.entrySet()) {
            Access had = other.exceptions.get(exception.getKey());
            DeviceAccess access = exception.getValue().access().minus(had == null ? NO_ACCESS : had.access());
            if (!access.isEmpty()) {
                Access part = new Access(access, exception.getValue().pointer());
                beyond.add(Map.entry(exception.getKey(), part));
            }
        }
        return beyond;
    }

    private static DeviceRule rule(boolean allow, Type type, long major, long minor, DeviceAccess access) {
        return new DeviceRule(allow, type, number(major), number(minor), access.toString());
    }

    /** The devices of a rule that is not for all. */
    static DeviceNumbers numbers(DeviceRule rule, String pointer) throws CgroupException {
        return new DeviceNumbers(
                rule.type() == Type.BLOCK ? DeviceType.BLOCK : DeviceType.CHARACTER,
                number(rule.major(), pointer + "/major"),
                number(rule.minor(), pointer + "/minor"));
    }

    private static long number(OptionalLong number, String pointer) throws CgroupException {
        if (number.isEmpty()) {
            return DeviceNumbers.ANY;
        }
        long value = number.getAsLong();
        if (value < 0 || value > DeviceNumbers.MAXIMUM) {
            throw CgroupException.ofField(
                    pointer,
                    "devices controller: a device number is 0…%d, not %d".formatted(DeviceNumbers.MAXIMUM, value));
        }
        return value;
    }

    private static OptionalLong number(long number) {
        return number == DeviceNumbers.ANY ? OptionalLong.empty() : OptionalLong.of(number);
    }

    public boolean allowsEverything() {
        return allowsByDefault && exceptions.isEmpty();
    }

    private static Rule allowed(String access, DeviceNumbers numbers) {
        return new Rule(true, numbers, DeviceAccess.of(access), "");
    }

    private static DeviceNumbers character(long major, long minor) {
        return new DeviceNumbers(DeviceType.CHARACTER, major, minor);
    }

    /** The state that the controller goes through as rules are written to it. */
    private static final class Builder {
        /** Nothing is allowed until a rule says so. */
        private boolean allowsByDefault;

        private final SortedMap<DeviceNumbers, Access> exceptions = new TreeMap<>();

        void apply(DeviceRule rule, String pointer) throws CgroupException {
            if (rule.type() == Type.ALL) {
                // Such a rule starts anew; numbers and access in it have no meaning to the kernel or to runc.
                allowsByDefault = rule.allow();
                exceptions.clear();
                return;
            }
            apply(new Rule(rule.allow(), DevicePolicy.numbers(rule, pointer), DeviceAccess.of(rule.access()), pointer));
        }

        private void apply(Rule rule) throws CgroupException {
            if (rule.allow() != allowsByDefault) {
                add(rule);
                return;
            }
            refuseWithinAnother(rule);
            if (rule.numbers().areOneDevice()) {
                takeFrom(rule.numbers(), rule.access());
            } else {
                takeFromAll(rule);
            }
        }

        /** Where all is allowed, what the document forbids of fewer devices than a default is for stays forbidden. */
        void applyDefault(Rule rule) throws CgroupException {
            if (rule.allow() != allowsByDefault) {
                add(rule);
                return;
            }
            refuseWithinAnother(rule);
            takeFrom(rule.numbers(), rule.access());
        }

        DevicePolicy build() {
            SortedMap<DeviceNumbers, Access> needed = new TreeMap<>(exceptions);
            needed.entrySet().removeIf(this::isPartOfAnother);
            return new DevicePolicy(allowsByDefault, needed);
        }

        private void add(Rule rule) {
            exceptions.merge(
                    rule.numbers(),
                    new Access(rule.access(), rule.pointer()),
                    (old, added) -> new Access(old.access().plus(added.access()), old.pointer()));
        }

        private void takeFrom(DeviceNumbers numbers, DeviceAccess access) {
            exceptions.computeIfPresent(numbers, (same, old) -> reduced(old, access));
        }

        /** From every exception for some of the rule's devices; one that is for others as well cannot be divided. */
        private void takeFromAll(Rule rule) throws CgroupException {
            for (Iterator<Entry<DeviceNumbers, Access>> all =
                            exceptions.entrySet().iterator();
                    all.hasNext(); ) {
                Entry<DeviceNumbers, Access> exception = all.next();
                if (!rule.numbers().meet(exception.getKey())
                        || !exception.getValue().access().overlaps(rule.access())) {
                    continue;
                }
                if (!rule.numbers().contain(exception.getKey())) {
                    throw partOf(exception.getKey(), exception.getValue(), rule);
                }
                Access left = reduced(exception.getValue(), rule.access());
                if (left == null) {
                    all.remove();
                } else {
                    exception.setValue(left);
                }
            }
        }

        /** What is left of an exception; null if nothing is. */
        private static Access reduced(Access exception, DeviceAccess by) {
            DeviceAccess left = exception.access().minus(by);
            return left.isEmpty() ? null : new Access(left, exception.pointer());
        }

        private void refuseWithinAnother(Rule rule) throws CgroupException {
            for (DeviceNumbers wider : rule.numbers().wider()) {
                Access access = exceptions.get(wider);
                if (access != null && access.access().overlaps(rule.access())) {
                    throw partOf(wider, access, rule);
                }
            }
        }

        private static CgroupException partOf(DeviceNumbers numbers, Access access, Rule rule) {
            return CgroupException.ofField(
                    rule.pointer().isEmpty() ? access.pointer() : rule.pointer(),
                    ("devices controller: cannot %s after %s %s %s: no rule can take a part out of another that"
                                    + " is for other devices as well")
                            .formatted(rule.describe(), rule.allow() ? "deny" : "allow", numbers, access.access()));
        }

        private boolean isPartOfAnother(Entry<DeviceNumbers, Access> exception) {
            for (DeviceNumbers wider : exception.getKey().wider()) {
                Access other = exceptions.get(wider);
                if (other != null
                        && other.access().contains(exception.getValue().access())) {
                    return true;
                }
            }
            return false;
        }
    }
}
