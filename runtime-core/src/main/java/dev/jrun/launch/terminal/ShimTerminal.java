// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.child.Child;
import dev.jrun.launch.child.ChildMessages;
import dev.jrun.launch.child.Message;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Register;
import java.util.Optional;

/** In the shim: the master side of the terminal that its child makes. */
public final class ShimTerminal {

    private final Assembler asm;
    private final Address master;
    private final Optional<MasterHandover> handover;
    private final Optional<TerminalRelay> relay;

    public ShimTerminal(Assembler asm, Console console, Machine machine) {
        this.asm = asm;
        this.master = asm.space(Long.BYTES);
        this.handover = console instanceof Console.Sent sent
                ? Optional.of(new MasterHandover(asm, sent.socket(), machine))
                : Optional.empty();
        this.relay = console instanceof Console.Relayed relayed
                ? Optional.of(new TerminalRelay(asm, relayed.caller()))
                : Optional.empty();
    }

    /** Finds out whether somebody will have it, before much is done. */
    public void connect() {
        if (handover.isPresent()) {
            handover.get().connect();
        }
    }

    /** Waits until the child has made it. */
    public void receive(ChildMessages messages) {
        try (var _ = asm.aside();
                var _ = asm.scope()) {
            Register received = asm.register("received");
            asm.source("/process/terminal", "wait for the terminal");
            messages.expectDescriptor(Message.KIND_TERMINAL, received);
            asm.store(Width.LONG, master, received);
        }
    }

    /** Lets go of it, where it is somebody else's. */
    public void send() {
        if (handover.isPresent()) {
            try (var _ = asm.scope()) {
                handover.get().send(load());
            }
        }
    }

    /** Waits until the child has ended, and relays meanwhile where it is the caller's. */
    public void supervise(Child child) {
        if (relay.isEmpty()) {
            asm.supervise(child.status(), child.pid());
            return;
        }
        try (var _ = asm.scope()) {
            relay.get().supervise(child.status(), child.pid(), load());
        }
    }

    /** Where its descriptor is. */
    public Address master() {
        return master;
    }

    private Register load() {
        Register terminal = asm.register("terminal");
        asm.load(terminal, Width.LONG, master);
        return terminal;
    }
}
