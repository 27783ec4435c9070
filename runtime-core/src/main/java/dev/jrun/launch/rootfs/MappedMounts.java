// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.IdMaps;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.launch.rootfs.MountCalls.LastLink;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.ProcessPath;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountIdMappings;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.MountOptions.Bind;
import dev.jrun.spec.MountOptions.IdMap;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Propagation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Bind mounts whose files have other owners in the container than on the host: {@code uidMappings},
 * {@code gidMappings}, {@code idmap} and {@code ridmap}; MOUNT_ATTR_IDMAP of mount_setattr(2).
 *
 * <p>The shim makes them, since only who has rights over the file system itself may, and init inherits their
 * descriptors. What maps the ids is a user namespace; one is made for each mapping by a child that does nothing and
 * ends.
 */
public final class MappedMounts {

    private static final int USER_NAMESPACE = 3 * Long.BYTES;
    private static final NewerCall[] NEEDED = {NewerCall.OPEN_TREE, NewerCall.MOVE_MOUNT, NewerCall.MOUNT_SETATTR};

    private final Assembler asm;
    private final Linux linux;
    private final Path bundle;
    private final KernelCalls kernel;
    private final Label failed;
    private final MountSetattr setattr;
    private final List<Wanted> wanted = new ArrayList<>();
    private final Map<Mount, Address> copies = new IdentityHashMap<>();

    /** Where the descriptor of the user namespace is that the container joins, if its maps are to be used. */
    private Optional<Address> joined = Optional.empty();

    /** @param maps empty: those of the user namespace that is at the path for the container's */
    private record Wanted(String pointer, Mount mount, Optional<IdMaps> maps) {

        /** The pointer of what asks for it. */
        String asking() {
            for (int i = 0; i < mount.options().written().size(); i++) {
                Optional<MountOption> option =
                        MountOption.named(mount.options().written().get(i));
                if (option.isPresent() && option.get().meaning() instanceof MountOption.Meaning.MapsIds) {
                    return pointer + "/options/" + i;
                }
            }
            return pointer + "/uidMappings";
        }
    }

    /** A user namespace; {@code descriptor} holds the number of its descriptor. */
    private record Mapping(Optional<IdMaps> maps, Address descriptor) {
        boolean isFor(Wanted wanted) {
            return maps.isPresent() == wanted.maps().isPresent()
                    && (maps.isEmpty() || maps.get().isAs(wanted.maps().get()));
        }
    }

    /**
     * @param joinedUser has the place where the descriptor of the user namespace is kept that the container joins
     * @param failed where the shim's failures go to
     */
    public MappedMounts(
            Assembler asm, Config config, Path bundle, KernelCalls kernel, Supplier<Address> joinedUser, Label failed) {
        this.asm = asm;
        this.linux = config.linux();
        this.bundle = bundle;
        this.kernel = kernel;
        this.failed = failed;
        this.setattr = new MountSetattr(asm);
        List<Mount> mounts = config.mounts();
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            if (mount.options().idmap() != IdMap.NO || !mount.uidMappings().isEmpty()) {
                String pointer = "/mounts/" + i;
                Wanted one = new Wanted(pointer, mount, maps(pointer, mount));
                wanted.add(one);
                if (one.maps().isEmpty()) {
                    joined = Optional.of(joinedUser.get());
                }
            }
        }
    }

    private Optional<IdMaps> maps(String pointer, Mount mount) {
        if (mount.options().idMappings().isPresent()) {
            MountIdMappings mappings =
                    MountIdMappings.parse(mount.options().idMappings().get());
            String option = pointer + "/options/" + MountIdMappings.optionOf(mount);
            return Optional.of(new IdMaps(
                    option, option, mappings.users(linux.uidMappings()), mappings.groups(linux.gidMappings())));
        }
        if (!mount.uidMappings().isEmpty()) {
            return Optional.of(IdMaps.below(pointer, mount.uidMappings(), mount.gidMappings()));
        }
        boolean joins =
                linux.namespace(Namespace.Type.USER).flatMap(Namespace::path).isPresent();
        return joins ? Optional.empty() : Optional.of(IdMaps.below("/linux", linux.uidMappings(), linux.gidMappings()));
    }

    /** Where the descriptors of the mounts are that are made. */
    public Map<Mount, Address> copies() {
        return copies;
    }

    /** In the shim, before there is an init: makes them. */
    public void assemble() {
        List<Mapping> mappings = new ArrayList<>();
        for (Wanted mount : wanted) {
            asm.source(
                    mount.pointer(),
                    "map the ids of " + mount.mount().source().orElse("") + " on "
                            + mount.mount().destination());
            if (!kernel.has(NEEDED)) {
                asm.source(mount.asking(), asm.source().intent() + ": " + kernel.lack(NEEDED));
                asm.fail(Errno.ENOSYS);
                return;
            }
            Mapping mapping;
            try (var _ = asm.aside()) {
                mapping = find(mount, mappings);
            }
            copy(mount, mapping);
        }
        for (Mapping mapping : mappings) {
            close(mapping.descriptor());
        }
    }

    /** In the shim, when init has them. */
    public void close() {
        asm.source(Source.runtime("leave the mounts with mapped ids to init"));
        for (Wanted mount : wanted) {
            if (copies.containsKey(mount.mount())) {
                close(copies.get(mount.mount()));
            }
        }
    }

    private void close(Address descriptor) {
        try (var _ = asm.scope()) {
            Register register = asm.register("descriptor");
            asm.load(register, Width.LONG, descriptor);
            asm.call(Syscall.CLOSE, register);
        }
    }

    private Mapping find(Wanted mount, List<Mapping> mappings) {
        for (Mapping mapping : mappings) {
            if (mapping.isFor(mount)) {
                return mapping;
            }
        }
        Mapping mapping = mount.maps().isPresent()
                ? make(mount.maps().get())
                : new Mapping(Optional.empty(), joined.orElseThrow());
        mappings.add(mapping);
        return mapping;
    }

    private Mapping make(IdMaps maps) {
        try (var _ = asm.scope()) {
            Register namespace = asm.register("user namespace");
            Mapping mapping = new Mapping(Optional.of(maps), asm.space(Long.BYTES));
            make(maps, namespace);
            asm.store(Width.LONG, mapping.descriptor(), namespace);
            return mapping;
        }
    }

    private void open(Operand path, Register result) {
        asm.call(Syscall.OPENAT, value(OpenFlags.AT_FDCWD), path, value(OpenFlags.O_CLOEXEC))
                .into(result);
    }

    /**
     * {@code namespace =} a user namespace with these maps. The child that makes it waits until nobody holds the other
     * end of a pipe any more: it ends even if this process is killed. It has the host's root directory; where this
     * process may open the namespace of one that is hidden, it was born so ({@link Concealment}).
     */
    private void make(IdMaps maps, Register namespace) {
        try (var _ = asm.scope()) {
            Register child = asm.register("child");
            Register reading = asm.register("reading end");
            Register writing = asm.register("writing end");
            Label inParent = asm.label("in the shim");
            Label notMade = asm.label("no child");
            Address ends = asm.space(2 * Integer.BYTES);
            Address nothing = asm.space(Long.BYTES);
            ProcessPath path = new ProcessPath(asm, "ns/user");
            asm.call(Syscall.PIPE2, ends, value(OpenFlags.O_CLOEXEC));
            asm.load(reading, Width.INT, ends);
            asm.load(writing, Width.INT, ends.plus(Integer.BYTES));
            // Whatever fails in the child ends it, and no more.
            asm.onFailEnd();
            asm.call(Syscall.CLONE, value(CloneFlags.CLONE_NEWUSER | Signal.CHLD.number()), value(0))
                    .into(child)
                    .onError(notMade);
            asm.branch(child, Condition.NOT_EQUAL, value(0), inParent);
            asm.call(Syscall.CLOSE, writing);
            asm.call(Syscall.READ, reading, nothing, value(1));
            asm.exit(0);

            asm.place(notMade);
            asm.onFail(failed);
            asm.compute(child, value(0), Operation.SUBTRACT, child);
            asm.fail(child);

            asm.place(inParent);
            asm.onFail(failed);
            asm.call(Syscall.CLOSE, reading);
            try (var _ = asm.aside()) {
                maps.write(asm, child);
            }
            path.write(child);
            open(path.place(), namespace);
            asm.call(Syscall.CLOSE, writing);
            asm.call(Syscall.WAIT4, child, value(0), value(0), value(0));
        }
    }

    /** What is mounted on it, or below it, must not reach the host: it is a copy of what may be shared there. */
    private void copy(Wanted mount, Mapping mapping) {
        try (var _ = asm.scope()) {
            Register copy = asm.register("mount");
            Register namespace = asm.register("user namespace");
            MountOptions options = mount.mount().options();
            long below = options.bind() == Bind.RECURSIVE ? OpenFlags.AT_RECURSIVE : 0;
            long itself = BindMount.lastLink(options) == LastLink.ITSELF ? OpenFlags.AT_SYMLINK_NOFOLLOW : 0;
            Path path = bundle.resolve(mount.mount().source().orElse(""));
            try (var _ = asm.because(asm.source().part("source"))) {
                asm.call(
                                Syscall.OPEN_TREE,
                                value(OpenFlags.AT_FDCWD),
                                asm.string(path.toString()),
                                value(MountFlags.OPEN_TREE_CLONE | MountFlags.OPEN_TREE_CLOEXEC | itself | below))
                        .into(copy);
            }
            setattr.propagate(copy, Propagation.RSLAVE);
            Address attributes = asm.bytes(Struct.ofLongs(MountFlags.MOUNT_ATTR_IDMAP, 0, 0, 0));
            asm.load(namespace, Width.LONG, mapping.descriptor());
            asm.store(Width.LONG, attributes.plus(USER_NAMESPACE), namespace);
            try (var _ = asm.because(Source.of(mount.asking(), asm.source().intent()))) {
                setattr.change(copy, options.idmap() == IdMap.RECURSIVE ? Depth.RECURSIVE : Depth.SINGLE, attributes);
            }
            Address descriptor = asm.space(Long.BYTES);
            asm.store(Width.LONG, descriptor, copy);
            copies.put(mount.mount(), descriptor);
        }
    }
}
