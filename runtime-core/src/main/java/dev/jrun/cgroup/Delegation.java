// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.call.Failures;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Config;
import dev.jrun.spec.IdMapping;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who may make cgroups below the container's: "Cgroup ownership" of config-linux.md, "Cgroups delegation" of
 * cgroups(7). A container with a cgroup namespace of its own and a writable cgroup v2 file system gets what its user
 * may own there.
 *
 * <p>With crun's annotation {@code run.oci.delegate-cgroup}, crun(1), the container's processes are in a cgroup below
 * the limited one, which belongs to its root.
 */
public final class Delegation {

    static final String POINTER = "/annotations/" + Annotation.DELEGATE_CGROUP.key();

    private static final Path DELEGATED_FILES = Path.of("/sys/kernel/cgroup/delegate");

    /** What {@link #DELEGATED_FILES} lists at least, for kernels before 4.15. */
    private static final List<String> FIRST_DELEGATED_FILES =
            List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.threads");

    /** A cgroup costs the host memory, and its path is as long as it is deep. */
    private static final int DEEPEST = 8;

    /** What chown(2) leaves as it is. */
    private static final long UNCHANGED = -1;

    /** Whose a cgroup is to be, by the host's ids. */
    private record Owner(long user, long group) {}

    private final Optional<Owner> ofOwn;
    private final Optional<Owner> ofDelegated;

    private Delegation(Optional<Owner> ofOwn, Optional<Owner> ofDelegated) {
        this.ofOwn = ofOwn;
        this.ofDelegated = ofDelegated;
    }

    /** What a configuration asks for. */
    public static Delegation of(Config config) {
        Optional<Owner> ofOwn = ownerOfOwn(config);
        return new Delegation(ofOwn, ownerOfDelegated(config).or(() -> ofOwn));
    }

    private static Optional<Owner> ownerOfOwn(Config config) {
        Linux linux = config.linux();
        if (!linux.makes(Namespace.Type.CGROUP) || !mayWrite(config.mounts())) {
            return Optional.empty();
        }
        long user = config.process().isPresent() ? config.process().get().user().uid() : 0;
        OptionalLong host = linux.namespace(Namespace.Type.USER).isPresent()
                ? IdMapping.hostId(linux.uidMappings(), user)
                : OptionalLong.of(user);
        return host.isPresent() ? Optional.of(new Owner(host.getAsLong(), UNCHANGED)) : Optional.empty();
    }

    /**
     * The root of its user namespace: by the mappings, also of one that is joined. Only where it may write is anything
     * its own: an image can have said the annotation.
     */
    private static Optional<Owner> ownerOfDelegated(Config config) {
        Linux linux = config.linux();
        if (linux.namespace(Namespace.Type.USER).isEmpty() || !mayWrite(config.mounts())) {
            return Optional.empty();
        }
        OptionalLong user = IdMapping.hostId(linux.uidMappings(), 0);
        OptionalLong group = IdMapping.hostId(linux.gidMappings(), 0);
        return user.isPresent() ? Optional.of(new Owner(user.getAsLong(), group.orElse(UNCHANGED))) : Optional.empty();
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

    /** What is wrong with the cgroup that annotations name. */
    public static List<Problem> problems(Annotations annotations) {
        String asked = annotations.value(Annotation.DELEGATE_CGROUP).orElse("");
        return asked.isEmpty() || path(annotations).isPresent()
                ? List.of()
                : List.of(new Problem(
                        POINTER,
                        '"' + asked + '"',
                        "allowed: the path of a cgroup below the container's, without \"..\" and control characters,"
                                + " of at most " + DEEPEST + " names",
                        Optional.empty()));
    }

    /**
     * The path from a container's own cgroup to the one below that annotations ask for; as with crun, the empty one is
     * none.
     */
    public static Optional<String> path(Annotations annotations) {
        String asked = annotations.value(Annotation.DELEGATE_CGROUP).orElse("");
        boolean climbs = List.of(asked.split("/")).contains("..");
        return climbs || asked.chars().anyMatch(Character::isISOControl)
                ? Optional.empty()
                : CgroupsPath.below(asked)
                        .filter(path -> !path.isEmpty() && Path.of(path).getNameCount() <= DEEPEST);
    }

    /**
     * Hands the cgroups over that were made. Nothing is done on a host with cgroup v1 hierarchies, where that would not
     * be safe.
     *
     * @throws CgroupException if their owner cannot be changed
     */
    public void apply(CgroupPlace made) throws CgroupException {
        CgroupDirectories paths = made.own();
        if (!paths.isUnified()) {
            return;
        }
        if (ofOwn.isPresent()) {
            handOver(paths.unified().orElseThrow(), ofOwn.get());
        }
        List<Path> delegated = made.delegatedDirectories();
        if (ofDelegated.isPresent() && !delegated.isEmpty()) {
            handOver(delegated.getLast(), ofDelegated.get());
        }
    }

    private static void handOver(Path directory, Owner owner) throws CgroupException {
        give(directory, owner);
        for (String file : delegatedFiles()) {
            give(directory.resolve(file), owner);
        }
    }

    private static void give(Path file, Owner owner) throws CgroupException {
        try {
            Files.setAttribute(file, "unix:uid", (int) owner.user());
            if (owner.group() != UNCHANGED) {
                Files.setAttribute(file, "unix:gid", (int) owner.group());
            }
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
