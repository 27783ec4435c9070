// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.call.KernelFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where the cgroups of a caller's containers belong, by the rules of runc's cgroupfs driver. Nothing is made. */
public final class CgroupPlacement {
    /** What {@link KernelFile} has in place of bytes that are not UTF-8: it would name another cgroup. */
    private static final char UNREADABLE = '\uFFFD';

    private final CgroupHost host;
    private final CgroupMembership caller;

    CgroupPlacement(CgroupHost host, CgroupMembership caller) {
        this.host = host;
        this.caller = caller;
    }

    /**
     * The directories of a container that has cgroups of its own everywhere.
     *
     * <p>An absolute {@code linux.cgroupsPath} is below each hierarchy's mount point. A relative one, or the id in
     * place of an absent one, is below the caller's own cgroup; where cgroup v2 is all that there is, below that one's
     * parent, because a cgroup with processes in it cannot hand controllers to its children. {@code ..} may not lead
     * out.
     *
     * @param id the container's
     * @param cgroupsPath {@code linux.cgroupsPath}; absent or empty: the id
     * @throws CgroupException if the path is none for cgroupfs, or the caller's own cgroup is needed and not mounted
     *     here
     */
    CgroupDirectories directories(String id, Optional<String> cgroupsPath) throws CgroupException {
        CgroupsPath path = CgroupsPath.parse(cgroupsPath.filter(text -> !text.isEmpty()), id);
        Optional<Path> inUnified = Optional.empty();
        if (host.unified().isPresent()) {
            inUnified = Optional.of(directory(host.unified().get(), path));
        }
        SortedMap<String, Path> inLegacy = new TreeMap<>();
        for (Hierarchy.Legacy hierarchy : host.legacy()) {
            inLegacy.put(hierarchy.controllers(), directory(hierarchy, path));
        }
        return new CgroupDirectories(inUnified, inLegacy);
    }

    /** The place of such a container; parameters and errors as in {@link #directories}. */
    public CgroupPlace ofItsOwn(String id, Optional<String> cgroupsPath) throws CgroupException {
        return new CgroupPlace(directories(id, cgroupsPath), CgroupDirectories.NONE, host.unifiedMountPoint());
    }

    /**
     * The place of a container whose caller is without privileges and whose document names none: where
     * {@link #directories} says, in each hierarchy in which this process may make that cgroup; in the others it stays
     * in the caller's.
     *
     * @param id the container's
     */
    public CgroupPlace ifPermitted(String id) throws CgroupException {
        CgroupsPath path = CgroupsPath.parse(Optional.empty(), id);
        Optional<Path> ownUnified = Optional.empty();
        Optional<Path> callersUnified = Optional.empty();
        if (host.unified().isPresent()) {
            ownUnified = permitted(host.unified().get(), path);
            if (ownUnified.isEmpty()) {
                callersUnified = Optional.of(visible(host.unified().get()));
            }
        }
        SortedMap<String, Path> ownLegacy = new TreeMap<>();
        SortedMap<String, Path> callersLegacy = new TreeMap<>();
        for (Hierarchy.Legacy hierarchy : host.legacy()) {
            Optional<Path> own = permitted(hierarchy, path);
            if (own.isPresent()) {
                ownLegacy.put(hierarchy.controllers(), own.get());
            } else {
                callersLegacy.put(hierarchy.controllers(), visible(hierarchy));
            }
        }
        return new CgroupPlace(
                new CgroupDirectories(ownUnified, ownLegacy),
                new CgroupDirectories(callersUnified, callersLegacy),
                host.unifiedMountPoint());
    }

    /** The place of a container that gets no cgroup: it stays in the caller's. */
    public CgroupPlace ofCaller() {
        SortedMap<String, Path> inLegacy = new TreeMap<>();
        for (Hierarchy.Legacy hierarchy : host.legacy()) {
            inLegacy.put(hierarchy.controllers(), visible(hierarchy));
        }
        return new CgroupPlace(
                CgroupDirectories.NONE,
                new CgroupDirectories(host.unified().map(this::visible), inLegacy),
                host.unifiedMountPoint());
    }

    /** The place in a hierarchy, if this process may make a cgroup there and move processes into it. */
    private Optional<Path> permitted(Hierarchy hierarchy, CgroupsPath path) throws CgroupException {
        if (caller.directoryIn(hierarchy).isEmpty()) {
            return Optional.empty();
        }
        Path place = directory(hierarchy, path);
        Path made = Files.exists(place) ? place : place.getParent();
        return Files.isWritable(made) && hierarchy.letsMoveInto(place.getParent())
                ? Optional.of(place)
                : Optional.empty();
    }

    private Path visible(Hierarchy hierarchy) {
        return caller.directoryIn(hierarchy).orElse(hierarchy.mountPoint());
    }

    private Path directory(Hierarchy hierarchy, CgroupsPath path) throws CgroupException {
        Path base = path.absolute() ? hierarchy.mountPoint() : callersDirectory(hierarchy);
        try {
            Path place = base.resolve(path.relative());
            checkIsNotEngines(hierarchy, place);
            return place;
        } catch (InvalidPathException nul) {
            throw CgroupException.ofField(CgroupHost.POINTER, "no path can have a NUL in it", nul);
        }
    }

    /** Whether the path was written, or comes of the id and the caller's own cgroup. */
    private static void checkIsNotEngines(Hierarchy hierarchy, Path place) throws CgroupException {
        if (place.startsWith(hierarchy.engines())) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "the container's cgroup would be " + place + ", but " + hierarchy.engines()
                            + " is that of jrun's engines; give another path");
        }
    }

    private Path callersDirectory(Hierarchy hierarchy) throws CgroupException {
        Optional<String> membership = caller.in(hierarchy);
        Optional<Path> directory = caller.directoryIn(hierarchy);
        if (directory.isEmpty()) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "a relative or absent path is below the caller's own cgroup, but "
                            + membership
                                    .map(path -> "that (%s) is not among those of %s at %s"
                                            .formatted(path, hierarchy.describe(), hierarchy.mountPoint()))
                                    .orElse("the caller is in none of " + hierarchy.describe())
                            + "; give an absolute path");
        }
        if (membership.orElseThrow().indexOf(UNREADABLE) >= 0) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "the name of the caller's own cgroup is not UTF-8; give an absolute path");
        }
        Path own = directory.get();
        if (host.layout() == CgroupHost.Layout.UNIFIED && !own.equals(hierarchy.mountPoint())) {
            return own.getParent();
        }
        return own;
    }
}
