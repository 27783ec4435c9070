// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.call.Failures;
import dev.jrun.spec.Config;
import dev.jrun.spec.IdMapping;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who may make cgroups below the container's: "Cgroup ownership" of config-linux.md, "Cgroups delegation" of cgroups(7). A container
 * with a cgroup namespace of its own, whose cgroup v2 file system it may write, gets what lies in its user's hands there.
 *
 * @param owner the host's id of the container's user; empty if the cgroup stays its maker's
 */
public record Delegation(OptionalLong owner) {

    private static final Path DELEGATED_FILES = Path.of("/sys/kernel/cgroup/delegate");

    /** What {@link #DELEGATED_FILES} lists at least, for kernels before 4.15. */
    private static final List<String> FIRST_DELEGATED_FILES =
            List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.threads");

    private static final Delegation NONE = new Delegation(OptionalLong.empty());

    /** What a configuration asks for. */
    public static Delegation of(Config config) {
        if (!config.linux().makes(Namespace.Type.CGROUP) || !mayWrite(config.mounts())) {
            return NONE;
        }
        long user = config.process().isPresent() ? config.process().get().user().uid() : 0;
        Linux linux = config.linux();
        return linux.namespace(Namespace.Type.USER).isPresent()
                ? new Delegation(IdMapping.hostId(linux.uidMappings(), user))
                : new Delegation(OptionalLong.of(user));
    }

    private static boolean mayWrite(List<Mount> mounts) {
        for (Mount mount : mounts) {
            if (mount.destination().equals("/sys/fs/cgroup")) {
                String source = mount.source().orElse("");
                return source.equals("cgroup") && !mount.options().set().contains(MountFlag.RDONLY);
            }
        }
        return false;
    }

    /**
     * Hands a cgroup over. Nothing is done on a host with cgroup v1 hierarchies, where that would not be safe.
     *
     * @throws CgroupException if its owner cannot be changed
     */
    public void apply(Cgroup cgroup) throws CgroupException {
        CgroupDirectories paths = cgroup.paths();
        if (owner.isEmpty() || !paths.isUnified()) {
            return;
        }
        Path directory = paths.unified().orElseThrow();
        handOver(directory);
        for (String file : delegatedFiles()) {
            handOver(directory.resolve(file));
        }
    }

    private void handOver(Path file) throws CgroupException {
        try {
            Files.setAttribute(file, "unix:uid", (int) owner.orElseThrow());
        } catch (NoSuchFileException none) {
            // A controller that is not there has no files.
        } catch (IOException e) {
            throw new CgroupException("cannot give " + file + " to the container's user: " + e.getMessage(), e);
        }
    }

    private static List<String> delegatedFiles() throws CgroupException {
        try {
            return Files.readAllLines(DELEGATED_FILES);
        } catch (NoSuchFileException older) {
            return FIRST_DELEGATED_FILES;
        } catch (IOException e) {
            throw new CgroupException("read " + DELEGATED_FILES + ": " + Failures.reason(e), e);
        }
    }
}
