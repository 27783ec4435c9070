// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.Collections;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a container may do with device nodes, in the terms of the devices controller of cgroup v1: all or nothing, and
 * exceptions from that. A device program for cgroup v2 is made of the same, so that both decide alike.
 *
 * @param allowsByDefault whether what no exception is about is allowed
 * @param exceptions the access that is treated the other way, and where that comes from
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/devices.html">devices.rst</a>
 */
public record DevicePolicy(boolean allowsByDefault, SortedMap<DeviceNumbers, Access> exceptions) {
    private static final String POINTER = "/linux/resources/devices";

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
     * The policy of these rules, of which each changes what the ones before it left, and of the defaults after them.
     *
     * @throws CgroupException if a rule is an exception from an exception, which the devices controller does not have:
     *     {@code allow c 1:* rw} and then {@code deny c 1:3 w}
     */
    public static DevicePolicy of(List<DeviceRule> rules) throws CgroupException {
        Builder builder = new Builder();
        for (int index = 0; index < rules.size(); index++) {
            builder.apply(rules.get(index), POINTER + "/" + index);
        }
        for (Rule rule : DEFAULTS) {
            builder.apply(rule);
        }
        return builder.build();
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
            Optional<DeviceType> type = switch (rule.type()) {
                case ALL -> Optional.empty();
                case BLOCK -> Optional.of(DeviceType.BLOCK);
                case CHARACTER -> Optional.of(DeviceType.CHARACTER);
            };
            if (type.isEmpty()) {
                // Such a rule starts anew; numbers and access in it have no meaning to the kernel or to runc.
                allowsByDefault = rule.allow();
                exceptions.clear();
                return;
            }
            DeviceNumbers numbers = new DeviceNumbers(
                    type.get(), number(rule.major(), pointer + "/major"), number(rule.minor(), pointer + "/minor"));
            apply(new Rule(rule.allow(), numbers, DeviceAccess.of(rule.access()), pointer));
        }

        void apply(Rule rule) throws CgroupException {
            if (rule.allow() == allowsByDefault) {
                subtract(rule);
            } else {
                exceptions.merge(
                        rule.numbers(),
                        new Access(rule.access(), rule.pointer()),
                        (old, added) -> new Access(old.access().plus(added.access()), old.pointer()));
            }
        }

        DevicePolicy build() {
            SortedMap<DeviceNumbers, Access> needed = new TreeMap<>(exceptions);
            needed.entrySet().removeIf(this::isPartOfAnother);
            return new DevicePolicy(allowsByDefault, needed);
        }

        private void subtract(Rule rule) throws CgroupException {
            for (Entry<DeviceNumbers, Access> exception : exceptions.entrySet()) {
                DeviceNumbers numbers = exception.getKey();
                Access access = exception.getValue();
                if (numbers.compareTo(rule.numbers()) != 0
                        && numbers.contain(rule.numbers())
                        && access.access().overlaps(rule.access())) {
                    throw CgroupException.ofField(
                            rule.pointer().isEmpty() ? access.pointer() : rule.pointer(),
                            ("devices controller: cannot %s after %s %s %s: no rule can take a part out of another that"
                                            + " is for more devices")
                                    .formatted(
                                            rule.describe(),
                                            rule.allow() ? "deny" : "allow",
                                            numbers,
                                            access.access()));
                }
            }
            exceptions.computeIfPresent(rule.numbers(), (numbers, old) -> {
                DeviceAccess left = old.access().minus(rule.access());
                return left.isEmpty() ? null : new Access(left, old.pointer());
            });
        }

        private boolean isPartOfAnother(Entry<DeviceNumbers, Access> exception) {
            for (Entry<DeviceNumbers, Access> other : exceptions.entrySet()) {
                if (other.getKey().compareTo(exception.getKey()) != 0
                        && other.getKey().contain(exception.getKey())
                        && other.getValue()
                                .access()
                                .contains(exception.getValue().access())) {
                    return true;
                }
            }
            return false;
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
    }
}
