// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.conversation.LaunchFailure;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.ResourceLimit;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.launch.notify.NotifySocket;
import dev.jrun.program.Source;
import dev.jrun.spec.Config;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountAttribute;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.MountOption.Meaning;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Process;
import dev.jrun.spec.Rlimit;
import dev.jrun.spec.reading.OwnerOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Explains what a step that the kernel refused would have needed, if the error alone does not say so. */
public final class FailureHint {

    private static final String LIMITS = "/process/rlimits/";

    private static final String MOUNTS = "/mounts/";

    private final Config config;
    private final long caller;

    /** @param caller the pid of the process that init inherits from */
    public FailureHint(Config config, long caller) {
        this.config = config;
        this.caller = caller;
    }

    /** A text to be added to the error, in parentheses; empty if there is nothing to add. */
    public String of(Source step, long errno) {
        String needed = needed(step.pointer(), errno);
        return needed.isEmpty() ? "" : " (" + needed + ")";
    }

    private String needed(String pointer, long errno) {
        if (pointer.startsWith(MOUNTS)) {
            return mount(List.of(pointer.substring(MOUNTS.length()).split("/")), errno);
        }
        if (errno == Errno.EPERM.number()) {
            return privilege(pointer);
        }
        if (errno == Errno.EACCES.number() && pointer.equals("/process/oomScoreAdj")) {
            return "the caller's is " + read("oom_score_adj").strip() + ", and to lower it takes CAP_SYS_RESOURCE";
        }
        if (errno == Errno.EISDIR.number() && pointer.equals(LaunchFailure.EXECUTABLE)) {
            // As execve(2) has it, and Podman looks for it.
            return "permission denied: a directory cannot be executed";
        }
        if (errno == Errno.ENOENT.number() && pointer.equals("/process/apparmorProfile")) {
            return "no such profile is loaded";
        }
        if (errno == Errno.EINVAL.number() && pointer.equals("/linux/memoryPolicy")) {
            return "this kernel has no such policy, or the container's cpuset none of these nodes";
        }
        boolean isId = pointer.equals("/process/user/uid")
                || pointer.equals("/process/user/gid")
                || pointer.equals("/process/user/additionalGids");
        if (errno == Errno.EINVAL.number() && isId && isInUserNamespace()) {
            return "not mapped in the container's user namespace";
        }
        return "";
    }

    private boolean isInUserNamespace() {
        return config.linux().namespace(Namespace.Type.USER).isPresent();
    }

    /** @param path the mount's index, and the names of what of it is meant */
    private String mount(List<String> path, long errno) {
        Mount mount = config.mounts().get(Integer.parseInt(path.getFirst()));
        if (NotifySocket.isMountedBy(mount)) {
            return "no mount of config.json's, but made for NOTIFY_SOCKET of the caller's environment";
        }
        if (path.size() == 2 && path.getLast().equals("source")) {
            return source(mount, errno);
        }
        return path.size() == 3 && path.get(1).equals("options")
                ? option(mount, mount.options().written().get(Integer.parseInt(path.getLast())), errno)
                : "";
    }

    private String source(Mount mount, long errno) {
        return errno == Errno.EINVAL.number()
                        && isInUserNamespace()
                        && mount.options().bind() == MountOptions.Bind.SINGLE
                ? "in a user namespace, what is mounted below a source comes along: use rbind"
                : "";
    }

    private String option(Mount mount, String text, long errno) {
        if (errno == Errno.EPERM.number()) {
            return MountOption.named(text)
                    .map(option -> locked(option.meaning()))
                    .orElse("");
        }
        return errno == Errno.EINVAL.number() && isInUserNamespace()
                ? OwnerOption.of(mount, text).map(OwnerOption::unmapped).orElse("")
                : "";
    }

    /** What an option would take back, "Restrictions on mount namespaces" of mount_namespaces(7). */
    private static String locked(Meaning meaning) {
        String one = "the mount comes with ";
        String several = "one of the mounts comes with ";
        String locked = switch (meaning) {
            case Meaning.Sets(MountFlag flag) -> one + lock(flag.name());
            case Meaning.Clears(MountFlag flag) -> one + lock(flag.name());
            case Meaning.SetsBelow(MountAttribute attribute) -> several + lock(attribute.name());
            case Meaning.ClearsBelow(MountAttribute attribute) -> several + lock(attribute.name());
            default -> "";
        };
        return locked.isEmpty() ? "" : locked + ", which cannot be changed in a user namespace";
    }

    private static String lock(String attribute) {
        return switch (attribute) {
            case "RDONLY" -> "ro";
            case "NOSUID", "NODEV", "NOEXEC", "NOSYMFOLLOW" -> attribute.toLowerCase(Locale.ROOT);
            default -> "other access times";
        };
    }

    private String privilege(String pointer) {
        Process process = config.process().orElseThrow();
        if (pointer.startsWith(LIMITS)) {
            return limit(process.rlimits().get(Integer.parseInt(pointer.substring(LIMITS.length()))));
        }
        return switch (pointer) {
            case "/process/scheduler" -> scheduler(process);
            case "/process/ioPriority" -> "this class takes CAP_SYS_NICE";
            default -> "";
        };
    }

    /** setrlimit(2), EPERM. */
    private String limit(Rlimit asked) {
        String most = "";
        if (asked.type() == ResourceLimit.RLIMIT_NOFILE) {
            most = read(Path.of("/proc/sys/fs/nr_open")).strip();
            if (!most.isEmpty() && Long.compareUnsigned(asked.hard(), Long.parseLong(most)) > 0) {
                return "no process may have more than " + most + ", /proc/sys/fs/nr_open";
            }
        }
        return "the hard limit is " + hardLimit(asked.type()) + ", and to raise it takes CAP_SYS_RESOURCE";
    }

    /** The lines of proc_pid_limits(5) below the heading are in the order of the limits' numbers, in columns. */
    private String hardLimit(ResourceLimit limit) {
        List<String> lines = read("limits").lines().toList();
        int line = limit.ordinal() + 1;
        return line < lines.size() && lines.get(line).length() > 67
                ? lines.get(line).substring(47, 67).strip()
                : "lower";
    }

    /** sched_setattr(2), EPERM. */
    private static String scheduler(Process process) {
        return switch (process.scheduler().orElseThrow().policy()) {
            case SCHED_FIFO, SCHED_RR ->
                "it takes CAP_SYS_NICE, and with cgroup v1 also linux.resources.cpu.realtimeRuntime";
            case SCHED_DEADLINE -> "it takes CAP_SYS_NICE and a cpuset of all CPUs";
            case SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_ISO -> "to lower the nice value takes CAP_SYS_NICE";
        };
    }

    private String read(String file) {
        return read(Path.of("/proc/" + caller + "/" + file));
    }

    private static String read(Path file) {
        try {
            return KernelFile.read(file);
        } catch (IOException unknown) {
            return "";
        }
    }
}
