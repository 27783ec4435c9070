// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.device.DeviceAccess;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.device.DeviceNumbers;
import dev.jrun.cgroup.device.DevicePolicy;
import dev.jrun.cgroup.device.DeviceProgram;
import dev.jrun.cgroup.device.DevicePrograms;
import dev.jrun.cgroup.device.DeviceType;
import dev.jrun.cgroup.device.LoadedPrograms;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.DeviceRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which device nodes may be opened and made: {@code linux.resources.devices}. On cgroup v1 the devices controller, on
 * cgroup v2 an eBPF program on the cgroup.
 *
 * <p>A container without rules may still use only the few devices that every container has. So this applies to each
 * container, unless it is in a user namespace whose root may not do so; there the kernel refuses mknod(2), and devices
 * that are there are the host's choice.
 */
public final class DevicesController implements DeviceRulesController {
    static final String POINTER = "/linux/resources/devices";

    private final LoadedPrograms programs = new LoadedPrograms();

    @Override
    public String name() {
        return "devices";
    }

    /** The rules replace all that were there before. */
    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        List<DeviceRule> rules = resources.devices();
        Optional<Path> legacy = cgroup.paths().legacy(name());
        if (legacy.isPresent()) {
            applyLegacy(legacy.get(), DevicePolicy.of(rules));
        } else if (cgroup.paths().unified().isPresent()) {
            applyUnified(cgroup.paths().unified().get(), rules);
        } else if (!DevicePolicy.of(rules).allowsEverything()) {
            throw neitherIsMounted();
        }
    }

    private static CgroupException neitherIsMounted() {
        return CgroupException.ofField(
                POINTER,
                "devices controller: neither the devices controller of cgroup v1 nor cgroup v2 is mounted, "
                        + "so the container's devices cannot be restricted");
    }

    @Override
    public void update(Cgroup cgroup, DeviceChange change, RevocableWriting writing) throws CgroupException {
        Optional<Path> legacy = cgroup.paths().legacy(name());
        if (legacy.isPresent()) {
            new LegacyDeviceChange(legacy.get(), writing).make(change);
        } else if (cgroup.paths().unified().isPresent()) {
            updateUnified(cgroup.paths().unified().get(), change, writing);
        } else {
            throw neitherIsMounted();
        }
    }

    private void updateUnified(Path directory, DeviceChange change, RevocableWriting writing) throws CgroupException {
        try {
            writing.add(AttachedPrograms.of(directory));
            writing.journal().noteDevices();
            attach(directory, change.after().asRules(), _ -> DeviceProgram.of(change.after()));
        } catch (LinuxException error) {
            throw refusal(directory, error);
        }
    }

    private static void applyLegacy(Path directory, DevicePolicy policy) throws CgroupException {
        CgroupFile allow = new CgroupFile(directory, "devices.allow");
        CgroupFile deny = new CgroupFile(directory, "devices.deny");
        Optional<DevicePolicy> present = parse(new CgroupFile(directory, "devices.list").read());
        if (policy.allowsByDefault()) {
            // What is denied to a cgroup that allows by default is not to be read anywhere, so begin anew.
            write(allow, "a", POINTER);
            writeAll(deny, policy.exceptions().entrySet());
            return;
        }
        if (present.isEmpty()) {
            write(deny, "a", POINTER);
        }
        // First what is new, so that a running container never misses what it had and keeps.
        DevicePolicy before = present.orElse(DevicePolicy.NOTHING);
        writeAll(allow, policy.exceptionsBeyond(before));
        writeAll(deny, before.exceptionsBeyond(policy));
    }

    private static void writeAll(CgroupFile file, Iterable<Entry<DeviceNumbers, DevicePolicy.Access>> rules)
            throws CgroupException {
        for (Entry<DeviceNumbers, DevicePolicy.Access> rule : rules) {
            write(file, rule);
        }
    }

    static void write(CgroupFile file, Entry<DeviceNumbers, DevicePolicy.Access> rule) throws CgroupException {
        DevicePolicy.Access access = rule.getValue();
        if (!access.access().isEmpty()) {
            write(file, rule.getKey() + " " + access.access(), access.pointer());
        }
    }

    static void write(CgroupFile file, String rule, String pointer) throws CgroupException {
        try {
            file.write(rule);
        } catch (CgroupException error) {
            throw CgroupException.ofField(
                    pointer.isEmpty() ? POINTER : pointer, "devices controller: " + error.getMessage(), error);
        }
    }

    /**
     * Reads {@code devices.list}.
     *
     * @return what is allowed in a cgroup that denies by default; empty for one that allows by default
     */
    static Optional<DevicePolicy> parse(String list) throws CgroupException {
        SortedMap<DeviceNumbers, DevicePolicy.Access> exceptions = new TreeMap<>();
        for (String line : list.lines().toList()) {
            String[] fields = line.split("[ :]");
            if (fields.length != 4) {
                throw new CgroupException(
                        "devices controller: cannot understand the line \"" + line + "\" of devices.list");
            }
            DeviceType type;
            switch (fields[0]) {
                case "a" -> {
                    return Optional.empty();
                }
                case "b" -> type = DeviceType.BLOCK;
                default -> type = DeviceType.CHARACTER;
            }
            DeviceNumbers numbers = new DeviceNumbers(type, number(fields[1]), number(fields[2]));
            exceptions.put(numbers, new DevicePolicy.Access(DeviceAccess.of(fields[3]), ""));
        }
        return Optional.of(new DevicePolicy(false, exceptions));
    }

    private static long number(String text) {
        return text.equals("*") ? DeviceNumbers.ANY : Long.parseLong(text);
    }

    private void applyUnified(Path directory, List<DeviceRule> rules) throws CgroupException {
        try {
            attach(directory, rules, DevicesController::program);
        } catch (LinuxException error) {
            if (DevicePolicy.of(rules).allowsEverything() && (error.is(Errno.EPERM) || error.is(Errno.ENOSYS))) {
                // Who may not load a program did not load one before either, so nothing is restricted, as wanted.
                return;
            }
            throw refusal(directory, error);
        }
    }

    private static CgroupException refusal(Path directory, LinuxException error) {
        String hint = error.is(Errno.EPERM)
                ? "; restricting devices on cgroup v2 needs the capabilities CAP_BPF and CAP_NET_ADMIN"
                        + " (or CAP_SYS_ADMIN)"
                : "";
        return CgroupException.ofField(
                POINTER, "devices controller: %s: %s%s".formatted(directory, error.getMessage(), hint), error);
    }

    private void attach(Path directory, List<DeviceRule> rules, LoadedPrograms.Compiler compiler)
            throws CgroupException, LinuxException {
        try (DevicePrograms present = DevicePrograms.on(directory)) {
            programs.use(rules, compiler, program -> attach(present, program));
        }
    }

    private static byte[] program(List<DeviceRule> rules) throws CgroupException {
        return DeviceProgram.of(DevicePolicy.of(rules));
    }

    /** An access needs the consent of every attached program, so earlier ones must go. */
    private static void attach(DevicePrograms present, int program) throws LinuxException {
        List<Integer> before = present.attached();
        if (before.size() == 1) {
            present.replace(before.getFirst(), program);
            return;
        }
        present.attach(program);
        for (int id : before) {
            present.detach(id);
        }
    }
}
