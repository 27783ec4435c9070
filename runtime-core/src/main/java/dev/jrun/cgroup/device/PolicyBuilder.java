// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DevicePolicy.Access;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.DeviceRule.Type;
import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;

/** A policy as it becomes while rules are written to the devices controller, one after another. */
final class PolicyBuilder {
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

    /** Nothing is allowed until a rule says so. */
    private boolean allowsByDefault;

    private final SortedMap<DeviceNumbers, Access> exceptions = new TreeMap<>();

    PolicyBuilder() {}

    /** Begins with a policy that is there. Its defaults come last again. */
    PolicyBuilder(DevicePolicy before) {
        allowsByDefault = before.allowsByDefault();
        exceptions.putAll(before.exceptions());
        if (!allowsByDefault) {
            for (Rule rule : DEFAULTS) {
                takeFrom(rule.numbers(), rule.access());
            }
        }
    }

    /** @param pointer to the rule in config.json */
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
    private void applyDefault(Rule rule) throws CgroupException {
        if (rule.allow() != allowsByDefault) {
            add(rule);
            return;
        }
        refuseWithinAnother(rule);
        takeFrom(rule.numbers(), rule.access());
    }

    /** What has become of it, with the defaults after all rules. */
    DevicePolicy build() throws CgroupException {
        for (Rule rule : DEFAULTS) {
            applyDefault(rule);
        }
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
        for (Iterator<Entry<DeviceNumbers, Access>> all = exceptions.entrySet().iterator(); all.hasNext(); ) {
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
            if (other != null && other.access().contains(exception.getValue().access())) {
                return true;
            }
        }
        return false;
    }

    private static Rule allowed(String access, DeviceNumbers numbers) {
        return new Rule(true, numbers, DeviceAccess.of(access), "");
    }

    private static DeviceNumbers character(long major, long minor) {
        return new DeviceNumbers(DeviceType.CHARACTER, major, minor);
    }
}
