// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Resctrl;
import dev.jrun.kernel.Capability;
import dev.jrun.kernel.KernelFile;
import dev.jrun.spec.Config;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Process;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What only some hosts have and a configuration may ask for. */
final class HostSupport {

    static final Problem NO_RESCTRL = new Problem(
            "/linux/intelRdt",
            "",
            "no resctrl is mounted on this host, which takes a processor that can share out its caches",
            Optional.empty());

    /** USER_NS_INIT_INO of linux/nsfs.h. */
    private static final String INITIAL_USER_NAMESPACE = "user:[4026531837]";

    private final Path root;
    private volatile Optional<Boolean> makesDeviceFiles = Optional.empty();
    private volatile OptionalLong permitted = OptionalLong.empty();

    /** @param root the host's, where its /sys is */
    HostSupport(Path root) {
        this.root = root;
    }

    /** What {@code config} asks for and this host does not have. */
    List<Problem> problems(Config config) {
        List<Problem> problems = new ArrayList<>();
        config.process().ifPresent(process -> addLabels(process, problems));
        if (config.linux().mountLabel().isPresent() && !hasSelinux()) {
            problems.add(missing(
                    "/linux/mountLabel", config.linux().mountLabel().get(), "SELinux is not enabled on this host"));
        }
        if (config.linux().intelRdt().isPresent() && Resctrl.mounted().isEmpty()) {
            problems.add(NO_RESCTRL);
        }
        return problems;
    }

    private void addLabels(Process process, List<Problem> problems) {
        if (process.apparmorProfile().isPresent() && !hasAppArmor()) {
            problems.add(missing(
                    "/process/apparmorProfile",
                    process.apparmorProfile().get(),
                    "AppArmor is not enabled on this host"));
        }
        if (process.selinuxLabel().isPresent() && !hasSelinux()) {
            problems.add(missing(
                    "/process/selinuxLabel", process.selinuxLabel().get(), "SELinux is not enabled on this host"));
        }
    }

    private static Problem missing(String pointer, String found, String message) {
        return new Problem(pointer, '"' + found + '"', message, Optional.empty());
    }

    /**
     * Whether device files can be made: mknod(2) takes CAP_MKNOD in the initial user namespace, whatever capabilities a process has
     * in another one.
     */
    boolean makesDeviceFiles() {
        Optional<Boolean> known = makesDeviceFiles;
        if (known.isEmpty()) {
            boolean may = (permittedCapabilities() & 1L << Capability.CAP_MKNOD.ordinal()) != 0;
            known = Optional.of(may && isInInitialUserNamespace());
            makesDeviceFiles = known;
        }
        return known.get();
    }

    private boolean isInInitialUserNamespace() {
        try {
            return Files.readSymbolicLink(root.resolve("proc/self/ns/user"))
                    .toString()
                    .equals(INITIAL_USER_NAMESPACE);
        } catch (IOException unknown) {
            return true;
        }
    }

    /** The capabilities that the engine has, and with it its callers, as a mask; all if the kernel does not say. */
    long permittedCapabilities() {
        OptionalLong known = permitted;
        if (known.isEmpty()) {
            known = OptionalLong.of(readPermitted());
            permitted = known;
        }
        return known.getAsLong();
    }

    private long readPermitted() {
        String key = "CapPrm:\t";
        try {
            String status = KernelFile.read(root.resolve("proc/self/status"));
            int start = status.indexOf(key) + key.length();
            return Long.parseUnsignedLong(status, start, status.indexOf('\n', start), 16);
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException unknown) {
            return -1;
        }
    }

    /** The kernel's parameter "apparmor". */
    private boolean hasAppArmor() {
        try {
            return KernelFile.read(root.resolve("sys/module/apparmor/parameters/enabled"))
                    .startsWith("Y");
        } catch (IOException absent) {
            return false;
        }
    }

    /** Its file system is mounted where it is enabled; selinux(8). */
    private boolean hasSelinux() {
        return Files.exists(root.resolve("sys/fs/selinux/enforce"));
    }
}
