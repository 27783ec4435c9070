// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.device.DeviceAccess;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.device.DeviceNumbers;
import dev.jrun.cgroup.device.DevicePolicy;
import dev.jrun.cgroup.writing.RevocableWriting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/**
 * A change of device rules by the devices controller of cgroup v1, whose files take one rule at a time. Only
 * differences are written, so what is allowed before and afterwards is allowed meanwhile too, and what somebody else
 * has allowed stays. If a cgroup that allows by default is to deny by default, or the other way round, the kernel
 * forgets all exceptions, and has them again a moment later.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/devices.html">devices.rst</a>
 */
final class LegacyDeviceChange {

    private static final String EVERYTHING = "a";

    private final CgroupFile allow;
    private final CgroupFile deny;
    private final CgroupFile list;
    private final RevocableWriting writing;

    LegacyDeviceChange(Path directory, RevocableWriting writing) {
        this.allow = new CgroupFile(directory, "devices.allow");
        this.deny = new CgroupFile(directory, "devices.deny");
        this.list = new CgroupFile(directory, "devices.list");
        this.writing = writing;
    }

    void make(DeviceChange asked) throws CgroupException {
        String listed = list.read();
        DeviceChange change = asked.from(found(listed, asked.before()));
        if (change.turnsDefault() || change.after().allowsByDefault() && change.beginsAnew()) {
            beginAnew(change, listed);
        } else if (change.after().allowsByDefault()) {
            changeDenied(change);
        } else {
            write(change.after(), change.before(), allow, deny);
            write(change.before(), change.after(), deny, allow);
        }
    }

    /**
     * What there is, whoever has written it; but of a cgroup that allows by default nothing can be read of what it
     * denies, so that is what is known.
     */
    private static DevicePolicy found(String listed, DevicePolicy known) throws CgroupException {
        Optional<DevicePolicy> found = DevicesController.parse(listed);
        if (found.isPresent()) {
            return found.get();
        }
        return known.allowsByDefault() ? known : DevicePolicy.EVERYTHING;
    }

    /**
     * What is denied is not to be read anywhere, so all that is asked for is written, also where it is known to be so.
     */
    private void changeDenied(DeviceChange change) throws CgroupException {
        write(change.after(), change.before(), deny, allow);
        write(change.before(), change.after(), allow, deny);
        for (Entry<DeviceNumbers, DevicePolicy.Access> denied :
                change.after().exceptions().entrySet()) {
            DevicesController.write(deny, denied);
        }
        for (Entry<DeviceNumbers, DevicePolicy.Access> allowed : change.explicitlyAllowed()) {
            DevicesController.write(allow, allowed);
        }
    }

    private void write(DevicePolicy wanted, DevicePolicy had, CgroupFile file, CgroupFile undo) throws CgroupException {
        for (Entry<DeviceNumbers, DevicePolicy.Access> exception : wanted.exceptionsBeyond(had)) {
            write(
                    exception.getKey(),
                    exception.getValue().access(),
                    exception.getValue().pointer(),
                    file,
                    undo);
        }
    }

    /** @param undo the file that takes back what is written to the first */
    private void write(DeviceNumbers numbers, DeviceAccess access, String pointer, CgroupFile file, CgroupFile undo)
            throws CgroupException {
        String rule = numbers + " " + access;
        writing.journal().note(undo.path(), rule);
        DevicesController.write(file, rule, pointer);
        writing.add(() -> undo.write(rule));
    }

    private void beginAnew(DeviceChange change, String listed) throws CgroupException {
        List<Entry<CgroupFile, String>> back = rules(change.before(), listed);
        for (Entry<CgroupFile, String> rule : back.reversed()) {
            writing.journal().note(rule.getKey().path(), rule.getValue());
        }
        DevicesController.write(change.after().allowsByDefault() ? allow : deny, EVERYTHING, DevicesController.POINTER);
        writing.add(() -> putBack(back));
        for (Entry<DeviceNumbers, DevicePolicy.Access> exception :
                change.after().exceptions().entrySet()) {
            DevicesController.write(change.after().allowsByDefault() ? deny : allow, exception);
        }
    }

    /** What leads to what there is: what is allowed can be read, and what is denied cannot. */
    private List<Entry<CgroupFile, String>> rules(DevicePolicy policy, String listed) {
        List<Entry<CgroupFile, String>> rules = new ArrayList<>();
        if (policy.allowsByDefault()) {
            rules.add(Map.entry(allow, EVERYTHING));
            for (Entry<DeviceNumbers, DevicePolicy.Access> exception :
                    policy.exceptions().entrySet()) {
                rules.add(Map.entry(
                        deny, exception.getKey() + " " + exception.getValue().access()));
            }
            return rules;
        }
        rules.add(Map.entry(deny, EVERYTHING));
        for (String rule : listed.isEmpty() ? new String[0] : listed.split("\n")) {
            rules.add(Map.entry(allow, rule));
        }
        return rules;
    }

    private static void putBack(List<Entry<CgroupFile, String>> rules) throws CgroupException {
        for (Entry<CgroupFile, String> rule : rules) {
            rule.getKey().write(rule.getValue());
        }
    }
}
