// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.launch.process.Credentials;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.Config;
import dev.jrun.spec.Namespace;
import java.util.Optional;

/** The container's first process: its birth, its namespaces and its cgroups. */
public final class InitProcess {

    private final Assembler asm;
    private final Config config;
    private final InitBirth birth;
    private final CgroupJoining cgroups;
    private final UserNamespace user;
    private final JoinedNamespaces joined;
    private final CloneParent cloneParent;

    public InitProcess(
            Assembler asm,
            Config config,
            CgroupEntry entry,
            CgroupIdentity identity,
            InitBirth birth,
            UserNamespace user,
            JoinedNamespaces joined,
            CloneParent cloneParent) {
        this.asm = asm;
        this.config = config;
        this.birth = birth;
        this.cgroups = new CgroupJoining(asm, entry, identity, birth);
        this.user = user;
        this.joined = joined;
        this.cloneParent = cloneParent;
    }

    /**
     * Whether the process that the shim makes is init's predecessor: what it joins is only for a child, or to be left
     * for, or owned by another user namespace.
     */
    public boolean hasPredecessor() {
        return config.linux().joins(Namespace.Type.PID)
                || config.linux().joins(Namespace.Type.USER)
                || config.linux().makes(Namespace.Type.USER) && !joined.isEmpty();
    }

    /** In the shim: opens the namespaces to join. */
    public void openNamespaces() {
        joined.open();
    }

    /** {@code pid =} the new process, init or its predecessor, which goes on at {@code inInit}. */
    public void fork(Register pid, Label inInit) {
        if (hasPredecessor()) {
            cloneParent.prepare();
        }
        asm.source("/linux/namespaces", "start init in its namespaces");
        birth.fork(pid, hasPredecessor() ? 0 : newNamespaces());
        asm.branch(pid, Condition.EQUAL, value(0), inInit);
        joined.close();
    }

    /** Joins the cgroups that it was not born in. */
    public void joinCgroups() {
        cgroups.assemble();
        if (cgroups.areLeft() && config.linux().makes(Namespace.Type.CGROUP) && !hasPredecessor()) {
            // Its root is the cgroup that a process is in at this moment, so it comes after joining.
            asm.source("/linux/namespaces", "enter a new cgroup namespace");
            asm.call(Syscall.UNSHARE, value(CloneFlags.CLONE_NEWCGROUP));
        }
    }

    /**
     * Enters the namespaces to join, but for mount. If this was init's predecessor, what follows is done by init.
     *
     * @param groups what becomes of the supplementary groups
     */
    public void enterNamespaces(Credentials.Groups groups) {
        joined.entry().enter(groups);
        if (hasPredecessor()) {
            asm.source("/linux/namespaces", "start init in its namespaces");
            cloneParent.handOver(newNamespaces());
        }
    }

    /** Says that it is init, which the shim does not know of one that had a predecessor. */
    public void announce() {
        cloneParent.announce();
    }

    /** Enters the namespaces of which all the others say whose they are, or in which files are found no more. */
    public void enterLastNamespaces() {
        if (config.linux().makes(Namespace.Type.TIME)) {
            TimeNamespace.enterNew(asm, config.linux().timeOffsets());
        }
        joined.entry().enterMount();
    }

    /** A time namespace cannot be had from clone(2), and from clone3(2) only without offsets: {@link TimeNamespace}. */
    private long newNamespaces() {
        long flags = 0;
        for (Namespace namespace : config.linux().namespaces()) {
            if (namespace.isNew() && namespace.type() != Namespace.Type.TIME) {
                flags |= KernelNamespace.flag(namespace.type());
            }
        }
        if (cgroups.areLeft() && !hasPredecessor()) {
            flags &= ~CloneFlags.CLONE_NEWCGROUP;
        }
        return flags & ~InheritedNamespaces.flags(config) & ~user.namespacesOfRoot();
    }

    public boolean asksFor(Namespace.Type type) {
        return config.linux().namespace(type).isPresent();
    }

    /** Where it says whether the cgroup namespace that is joined, if one is, is the caller's own. */
    public Optional<Address> cgroupNamespaceIsCallers() {
        return joined.cgroupIsCallers();
    }
}
