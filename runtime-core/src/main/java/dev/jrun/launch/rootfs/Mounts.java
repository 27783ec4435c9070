// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Statfs;
import dev.jrun.launch.rootfs.Filesystem.Parameter;
import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.ContainerPath;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.MountOptions.Link;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The mounts of config.json, in their order ({@code mounts}). */
public final class Mounts {

    private static final String DEVICES = "dev";
    private static final String PROC = "proc";

    /** The policy alone labels the files of these; mount(8) on "context=". */
    private static final Set<String> LABELLED_BY_POLICY = Set.of("proc", "sysfs", "mqueue", "cgroup", "cgroup2");

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final Path bundle;
    private final MountPoint mountPoint;
    private final BindMount bindMount;
    private final CgroupMounts cgroupMounts;
    private final Remount remount;
    private final Optional<String> context;
    private final CopyUp copyUp;
    private final LinkCopy linkCopy;

    /** Where the descriptors of mounts are that were copied before. */
    private final Map<Mount, Address> copies = new IdentityHashMap<>();

    private final List<ReadOnlyLast> readOnlyLast = new ArrayList<>();

    /** A mount that becomes read-only when all else is made; {@code descriptor} holds the number of its descriptor. */
    private record ReadOnlyLast(Source source, Mount mount, Address descriptor) {}

    /**
     * @param linux says which namespaces are the container's own
     * @param mapped where the descriptors of mounts are that the shim made
     * @param context the option that gives files in new file systems, which have none of their own, an SELinux context
     */
    public Mounts(
            ContainerRoot containerRoot,
            Path bundle,
            CgroupMounts cgroupMounts,
            Linux linux,
            Map<Mount, Address> mapped,
            Optional<String> context) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.bundle = bundle;
        this.mountPoint = new MountPoint(containerRoot);
        this.bindMount = new BindMount(containerRoot);
        this.cgroupMounts = cgroupMounts;
        this.remount = new Remount(containerRoot, mountPoint, bindMount, new OwnSuperblocks(linux));
        this.context = context;
        this.copies.putAll(mapped);
        this.copyUp = containerRoot.subroutine(() -> new CopyUp(containerRoot));
        this.linkCopy = containerRoot.subroutine(() -> new LinkCopy(containerRoot));
    }

    /**
     * Assembles what several mounts share, where no instruction falls into it.
     *
     * @param onFailure where failures go to
     */
    public void assembleShared(Label onFailure) {
        copyUp.assemble(onFailure);
        linkCopy.assemble(onFailure);
        containerRoot.missing.assemble(onFailure);
    }

    public void assemble(List<Mount> mounts) {
        for (int i = 0; i < mounts.size(); i++) {
            asm.source(new MountSource(i, mounts.get(i)));
            assemble(mounts.get(i));
        }
    }

    /**
     * Copies the sources of bind mounts before they are needed: while the host's mounts are still there, so that what
     * is shared among them stays so in the container ({@code linux.rootfsPropagation}); or while init is its caller's
     * user, who can go where the root of its user namespace cannot.
     */
    public void copySources(List<Mount> mounts) {
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            if (mount.options().bind() != MountOptions.Bind.NO
                    && !copies.containsKey(mount)
                    && !mount.options().set().contains(MountFlag.REMOUNT)) {
                Address descriptor = asm.space(Long.BYTES);
                asm.source(new MountSource(i, mount));
                copySource(mount);
                asm.store(Width.LONG, descriptor, containerRoot.mount);
                copies.put(mount, descriptor);
            }
        }
    }

    private void copySource(Mount mount) {
        try (var _ = asm.because(asm.source().part("source"))) {
            bindMount.copy(source(mount), mount.options(), containerRoot.mount);
        }
    }

    /** The source is relative to the bundle, as config.md has it. */
    private String source(Mount mount) {
        String source = mount.source().orElse("");
        return source.startsWith("/") ? source : bundle.resolve(source).toString();
    }

    private void assemble(Mount mount) {
        MountOptions options = mount.options();
        try (var _ = asm.scope()) {
            if (options.set().contains(MountFlag.REMOUNT)) {
                remount.assemble(mount, parameters(mount));
            } else if (options.bind() != MountOptions.Bind.NO) {
                bind(mount);
            } else {
                switch (mount.type().orElse("")) {
                    case "cgroup", "cgroup2" -> cgroupMounts.assemble(mount, parameters(mount));
                    default -> filesystem(mount);
                }
            }
        }
    }

    private void bind(Mount mount) {
        Address copy = copies.get(mount);
        if (copy == null) {
            copySource(mount);
        } else {
            asm.load(containerRoot.mount, Width.LONG, copy);
        }
        if (mount.options().links().contains(Link.COPIED)) {
            Label isMounted = asm.label("no link, or mounted");
            Label done = asm.label("link or mount made");
            unlessLink(isMounted);
            copyLink(mount);
            asm.go(done);
            asm.place(isMounted);
            mountCopy(mount);
            asm.place(done);
        } else {
            mountCopy(mount);
        }
    }

    /** Goes to {@code other} if what {@link ContainerRoot#mount} begins with is no symbolic link. */
    private void unlessLink(Label other) {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            containerRoot.fileType(containerRoot.mount, type);
            asm.branch(type, Condition.NOT_EQUAL, value(FileMode.S_IFLNK), other);
        }
    }

    private void copyLink(Mount mount) {
        List<String> components = ContainerPath.components(mount.place());
        mountPoint.forFilesystem(String.join("/", components.subList(0, components.size() - 1)));
        linkCopy.make(components.getLast());
        containerRoot.mounts.discard(containerRoot.mount);
        containerRoot.close(containerRoot.target);
    }

    private void mountCopy(Mount mount) {
        MountOptions options = mount.options();
        bindMount.change(containerRoot.mount, options);
        if (mount.place().equals(PROC)) {
            refuseUnlessProc();
        }
        bindMount.propagate(containerRoot.mount, options);
        if (options.links().contains(Link.DESTINATION)) {
            mountPoint.forMountOverLink(mount.place());
        } else {
            mountPoint.forMount(mount.place());
        }
        mountPoint.attach();
        closeOrKeep(mount);
        containerRoot.close(containerRoot.target);
    }

    private void closeOrKeep(Mount mount) {
        if (containerRoot.named.isKept(mount)) {
            containerRoot.named.made(mount, containerRoot.mount);
        } else {
            containerRoot.close(containerRoot.mount);
        }
    }

    /** Closes CVE-2019-16884 for bind mounts: only procfs itself may stand where it is expected. */
    private void refuseUnlessProc() {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            containerRoot.filesystemType(containerRoot.mount, type);
            try (var _ = asm.when(type, Condition.NOT_EQUAL, value(Statfs.PROC_SUPER_MAGIC), "it is procfs")) {
                containerRoot.refuse(", which is not a file system of type proc", Errno.EINVAL);
            }
        }
    }

    private void filesystem(Mount mount) {
        MountOptions options = mount.options();
        String type = mount.type().orElse("none");
        boolean deferred = isReadOnlyLast(mount);
        MountOptions now = deferred ? options.writable() : options;
        containerRoot.mounts.make(
                Filesystem.own(type, mount.source().orElse(type), now.set(), parameters(mount)), containerRoot.mount);
        bindMount.changeAllBelow(containerRoot.mount, now);
        bindMount.propagate(containerRoot.mount, now);
        switch (type) {
            case "proc", "sysfs" -> mountPoint.forKernelFilesystem(mount.place());
            case "tmpfs" -> new TmpfsPlace(containerRoot, mountPoint, copyUp).open(mount.place(), now);
            default -> mountPoint.forFilesystem(mount.place());
        }
        mountPoint.attach();
        containerRoot.close(containerRoot.target);
        if (deferred) {
            readOnlyLast(mount);
        }
        if (!deferred || containerRoot.named.isKept(mount)) {
            closeOrKeep(mount);
        }
    }

    /** The options that are the file system's own, each with its place in config.json. */
    private List<Parameter> parameters(Mount mount) {
        List<Parameter> parameters = new ArrayList<>();
        if (!mount.options().data().isEmpty()) {
            String pointer = asm.source().pointer();
            List<String> written = mount.options().written();
            for (int i = 0; i < written.size(); i++) {
                String option = written.get(i);
                if (MountOption.isData(option)) {
                    for (String part : MountOption.parts(option)) {
                        parameters.add(new Parameter(pointer + "/options/" + i, part));
                    }
                }
            }
        }
        if (context.isPresent() && !LABELLED_BY_POLICY.contains(mount.type().orElse(""))) {
            parameters.add(new Parameter("/linux/mountLabel", context.get()));
        }
        return parameters;
    }

    /** Things are still to be made in a read-only /dev, and the places of later mounts in any tmpfs, as with runc. */
    private static boolean isReadOnlyLast(Mount mount) {
        return mount.options().isReadOnly()
                && (mount.type().orElse("").equals("tmpfs") || mount.place().equals(DEVICES));
    }

    private void readOnlyLast(Mount mount) {
        Address descriptor = asm.space(Long.BYTES);
        asm.store(Width.LONG, descriptor, containerRoot.mount);
        readOnlyLast.add(new ReadOnlyLast(asm.source(), mount, descriptor));
    }

    /** Makes read-only what had to be filled first. */
    public void assembleReadOnlyLast() {
        for (ReadOnlyLast last : readOnlyLast) {
            try (var _ = asm.scope()) {
                Register mount = asm.register("mount");
                asm.source(last.source().with(" read-only"));
                asm.load(mount, Width.LONG, last.descriptor());
                containerRoot.mounts.change(mount, Depth.SINGLE, MountAttributes.READ_ONLY);
                if (!containerRoot.named.isKept(last.mount())) {
                    containerRoot.close(mount);
                }
            }
        }
    }
}
