// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.driver.Callers;
import dev.jrun.cgroup.resctrl.Resctrl;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.Capability;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.NamespaceFile;
import dev.jrun.kernel.call.ProcessStatus;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
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

/** Features that a configuration may ask for and that only some hosts have. */
public final class HostSupport implements Callers {

    public static final Problem NO_RESCTRL = new Problem(
            "/linux/intelRdt",
            "",
            "resctrl is not mounted on this host; it needs a processor that can partition its caches",
            Optional.empty());

    /**
     * What makes device files, or opens those of others: by their mode, as another user or group, by giving them
     * another owner or mode, by a mount without nodev, or through another process. capabilities(7).
     */
    private static final long LEAD_TO_DEVICES = bit(Capability.CAP_CHOWN)
            | bit(Capability.CAP_DAC_OVERRIDE)
            | bit(Capability.CAP_DAC_READ_SEARCH)
            | bit(Capability.CAP_FOWNER)
            | bit(Capability.CAP_SETGID)
            | bit(Capability.CAP_SETUID)
            | bit(Capability.CAP_SYS_PTRACE)
            | bit(Capability.CAP_SYS_ADMIN)
            | bit(Capability.CAP_MKNOD);

    private final Path root;
    private volatile Optional<Boolean> makesDeviceFiles = Optional.empty();
    private volatile Optional<Boolean> setsGroups = Optional.empty();
    private volatile OptionalLong permitted = OptionalLong.empty();

    /** @param root the host's, where its /sys is */
    public HostSupport(Path root) {
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
        if (config.linux().intelRdt().isPresent()) {
            addResctrl(problems);
        }
        return problems;
    }

    private static void addResctrl(List<Problem> problems) {
        try {
            if (Resctrl.mounted().isEmpty()) {
                problems.add(NO_RESCTRL);
            }
        } catch (CgroupException e) {
            problems.add(new Problem(NO_RESCTRL.pointer(), "", e.getMessage(), Optional.empty()));
        }
    }

    /** What {@code process} asks for and this host does not have, with pointers as of a configuration that it is in. */
    public List<Problem> problems(Process process) {
        List<Problem> problems = new ArrayList<>();
        addLabels(process, problems);
        return problems;
    }

    private void addLabels(Process process, List<Problem> problems) {
        if (process.apparmorProfile().isPresent()) {
            addAppArmor(process.apparmorProfile().get(), problems);
        }
        if (process.selinuxLabel().isPresent() && !hasSelinux()) {
            problems.add(missing(
                    "/process/selinuxLabel", process.selinuxLabel().get(), "SELinux is not enabled on this host"));
        }
    }

    private void addAppArmor(String profile, List<Problem> problems) {
        try {
            if (!hasAppArmor()) {
                problems.add(missing("/process/apparmorProfile", profile, "AppArmor is not enabled on this host"));
            }
        } catch (IOException e) {
            problems.add(missing(
                    "/process/apparmorProfile",
                    profile,
                    "cannot find out whether AppArmor is enabled: " + Failures.describe(e)));
        }
    }

    private static Problem missing(String pointer, String found, String message) {
        return new Problem(pointer, '"' + found + '"', message, Optional.empty());
    }

    /**
     * Whether device files can be made: mknod(2) takes CAP_MKNOD in the initial user namespace, whatever capabilities a
     * process has in another one.
     *
     * @throws ContainerException if the kernel does not say
     */
    boolean makesDeviceFiles() throws ContainerException {
        Optional<Boolean> known = makesDeviceFiles;
        if (known.isEmpty()) {
            boolean may = (permittedCapabilities() & bit(Capability.CAP_MKNOD)) != 0;
            known = Optional.of(may && isInInitialUserNamespace());
            makesDeviceFiles = known;
        }
        return known.get();
    }

    /**
     * What its callers may do, who are its equals.
     *
     * @throws ContainerException if the kernel does not say
     */
    public CallerRights callerRights() throws ContainerException {
        boolean traces = (permittedCapabilities() & bit(Capability.CAP_SYS_PTRACE)) != 0;
        return new CallerRights(makesDeviceFiles(), EffectiveUser.uid() == 0, traces, setsGroups());
    }

    /**
     * Whether setgroups(2) is allowed in this user namespace, user_namespaces(7); that is settled before the namespace
     * has groups.
     */
    private boolean setsGroups() throws ContainerException {
        Optional<Boolean> known = setsGroups;
        if (known.isEmpty()) {
            known = Optional.of(isInInitialUserNamespace() || !isDenied(root.resolve("proc/self/setgroups")));
            setsGroups = known;
        }
        return known.get();
    }

    private static boolean isDenied(Path setgroups) throws ContainerException {
        try {
            return KernelFile.read(setgroups).startsWith("deny");
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot find out whether groups can be set in this user namespace: " + Failures.describe(e), e);
        }
    }

    /**
     * Whether device rules that cannot be kept may be left out, since no container of this caller reaches devices that
     * the caller does not: in another user namespace than the initial one, and as a user other than root who has no
     * capability for it.
     */
    boolean isUnprivileged() throws ContainerException {
        return isUnprivileged(isInInitialUserNamespace(), EffectiveUser.uid(), permittedCapabilities());
    }

    @Override
    public boolean areUnprivileged() throws CgroupException {
        try {
            return isUnprivileged();
        } catch (ContainerException e) {
            throw new CgroupException(e.getMessage(), e);
        }
    }

    static boolean isUnprivileged(boolean inInitialUserNamespace, int uid, long permitted) {
        return !inInitialUserNamespace || uid != 0 && (permitted & LEAD_TO_DEVICES) == 0;
    }

    /**
     * Which of the annotations have an effect where the caller allows these. The caller's groups are lent besides where
     * they are not those of the host's root: rootless Podman asks for them by the annotation alone ({@code --group-add
     * keep-groups}).
     */
    List<Annotation> allowed(Annotations annotations, List<Annotation> byCaller) {
        boolean isAsked = annotations.all().containsKey(Annotation.KEEP_ORIGINAL_GROUPS.key());
        if (!isAsked || byCaller.contains(Annotation.KEEP_ORIGINAL_GROUPS) || !isCertainlyUnprivileged()) {
            return byCaller;
        }
        List<Annotation> all = new ArrayList<>(byCaller);
        all.add(Annotation.KEEP_ORIGINAL_GROUPS);
        return all;
    }

    private boolean isCertainlyUnprivileged() {
        try {
            return isUnprivileged();
        } catch (ContainerException unknown) {
            return false;
        }
    }

    private static long bit(Capability capability) {
        return 1L << capability.ordinal();
    }

    private boolean isInInitialUserNamespace() throws ContainerException {
        try {
            return NamespaceFile.isInitialUser(root.resolve("proc/self/ns/user"));
        } catch (IOException e) {
            throw new ContainerException("cannot find out this user namespace: " + Failures.describe(e), e);
        }
    }

    /**
     * The capabilities that the engine has, and with it its callers, as a mask.
     *
     * @throws ContainerException if the kernel does not say
     */
    public long permittedCapabilities() throws ContainerException {
        OptionalLong known = permitted;
        if (known.isEmpty()) {
            known = OptionalLong.of(readPermitted());
            permitted = known;
        }
        return known.getAsLong();
    }

    private long readPermitted() throws ContainerException {
        try {
            return new ProcessStatus(KernelFile.read(root.resolve("proc/self/status"))).mask("CapPrm");
        } catch (IOException e) {
            throw new ContainerException("cannot find out the caller's capabilities: " + Failures.describe(e), e);
        }
    }

    /** The kernel's parameter "apparmor". */
    private boolean hasAppArmor() throws IOException {
        return KernelFile.readIfPresent(root.resolve("sys/module/apparmor/parameters/enabled"))
                .orElse("N")
                .startsWith("Y");
    }

    /** Its file system is mounted where it is enabled; selinux(8). */
    private boolean hasSelinux() {
        return !Files.notExists(root.resolve("sys/fs/selinux/enforce"));
    }
}
