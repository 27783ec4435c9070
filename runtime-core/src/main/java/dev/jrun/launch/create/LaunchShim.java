// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.PidFile;
import dev.jrun.launch.child.Child;
import dev.jrun.launch.child.ChildMessages;
import dev.jrun.launch.child.KeptDescriptors;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.hook.LaunchHooks;
import dev.jrun.launch.namespace.JoinedNamespaces;
import dev.jrun.launch.namespace.PlaceHolder;
import dev.jrun.launch.netdev.NetDevices;
import dev.jrun.launch.notify.ServiceManager;
import dev.jrun.launch.notify.ShimReadiness;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.launch.part.EngineLoss;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.process.HostUser;
import dev.jrun.launch.process.Scheduling;
import dev.jrun.launch.terminal.ShimTerminal;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Hook;
import dev.jrun.spec.Namespace;
import java.util.List;
import java.util.Optional;

/** The shim of a launch: what the parts of it share while they are assembled. */
final class LaunchShim {

    final Assembler asm;
    final LaunchRequest request;
    final Machine machine;
    final Register failedInstruction;
    final Register failedErrno;
    final Child child;
    final CgroupIdentity cgroups;
    final SyncSockets sync;
    final LaunchHooks hooks;
    final Scheduling scheduling;
    final InitPart init;

    /** Where init's are received. */
    final Message message;

    final ChildMessages messages;
    final HostUser hostUser;
    final Optional<PidFile> pidFile;
    final Optional<ShimTerminal> terminal;
    final Optional<ShimReadiness> readiness;
    final Optional<NetDevices> netDevices;
    final EngineLoss engineLoss;

    /** Where the shim goes on if init takes no message any more. */
    final Label initEnded;

    /** With the head of a message of init's that is not due. */
    final Label initFailed;

    /** If init has ended without a word. */
    final Label initLost;

    /** If an instruction of the shim's has failed. */
    final Label failed;

    private final Optional<PlaceHolder> holder;

    LaunchShim(Assembler asm, LaunchRequest request, Machine machine, KernelCalls kernel, JoinedNamespaces joined) {
        this.asm = asm;
        this.request = request;
        this.machine = machine;
        this.hostUser = new HostUser(asm);
        this.failedInstruction = asm.register("failed instruction");
        this.failedErrno = asm.register("failed errno");
        this.initEnded = asm.label("init ended");
        this.initFailed = asm.label("init failed");
        this.initLost = asm.label("init lost");
        this.failed = asm.label("shim failed");
        int preserved = request.options().preservedDescriptors();
        this.child = new Child(asm, kernel);
        this.cgroups = new CgroupIdentity(asm, request.cgroup().entry());
        this.sync = new SyncSockets(asm, new KeptDescriptors(asm, preserved));
        this.hooks =
                new LaunchHooks(asm, machine, request.stateSubject(), request.callerEnvironment(), preserved, sync);
        this.scheduling = Scheduling.ofInit(asm, sync, request.config());
        this.init = new InitPart(asm, request, machine, kernel, sync, hooks, scheduling);
        this.message = new Message(asm, Math.max(init.passwdCapacity(), Message.MAX_DIAGNOSIS));
        this.messages = new ChildMessages(asm, sync.shim(), message, initLost, initFailed);
        this.pidFile = request.options().pidFile().map(file -> new PidFile(asm, file));
        this.terminal = request.console().isPresent()
                ? Optional.of(new ShimTerminal(asm, request.console().get(), machine))
                : Optional.empty();
        this.readiness = readiness();
        this.holder = request.cgroup().unit().isPresent() ? Optional.of(new PlaceHolder(asm)) : Optional.empty();
        this.netDevices = netDevices(joined);
        this.engineLoss = new EngineLoss(asm, request.id(), request.rescue(), environmentOfPoststop());
    }

    private Optional<ShimReadiness> readiness() {
        Optional<ServiceManager> manager = request.options().serviceManager();
        return manager.isPresent()
                ? Optional.of(
                        new ShimReadiness(asm, manager.get(), request.ending().stateDirectory(), machine))
                : Optional.empty();
    }

    private Optional<NetDevices> netDevices(JoinedNamespaces joined) {
        return request.config().linux().netDevices().isEmpty()
                ? Optional.empty()
                : Optional.of(new NetDevices(
                        asm,
                        request.config(),
                        request.addresses(),
                        request.ending().stateDirectory(),
                        () -> joined.copyOf(Namespace.Type.NETWORK)));
    }

    /** What the hooks inherit that another engine has run when this one is lost; without such hooks, nothing. */
    private List<String> environmentOfPoststop() {
        for (Hook hook : request.config().hooks().poststop()) {
            if (hook.env().isEmpty()) {
                return request.callerEnvironment();
            }
        }
        return List.of();
    }

    /** Waits until the container has its cgroup, or the engine goes on elsewhere. */
    void awaitCgroup(Label engineLost) {
        if (holder.isPresent()) {
            holder.get().start();
        }
        asm.source(Source.runtime("wait until the container has its cgroup"));
        asm.onFail(engineLost);
        if (holder.isPresent()) {
            holder.get().report();
        } else {
            asm.hold();
        }
        asm.onFail(failed);
    }

    /** Init is in its cgroup, or there will be none. */
    void endHolder() {
        if (holder.isPresent()) {
            asm.source(Source.runtime("end the process that held init's place"));
            holder.get().end();
        }
    }
}
