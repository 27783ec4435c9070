// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import dev.jrun.program.Assembler;
import dev.jrun.program.Label;

/** {@code process.selinuxLabel}: the SELinux context of the executable and of its session keyring. proc_pid_attr(5). */
public final class SelinuxLabel {

    private static final String POINTER = "/process/selinuxLabel";

    private final Assembler asm;
    private final ProcessAttributes attributes;
    private final Label failed;
    private final String label;

    /** @param failed where failures go */
    public SelinuxLabel(Assembler asm, ProcessAttributes attributes, Label failed, String label) {
        this.asm = asm;
        this.attributes = attributes;
        this.failed = failed;
        this.label = label;
    }

    /** Has the keys that are made from here on labelled. */
    void labelKeys() {
        asm.source(POINTER, "label the session keyring " + label);
        attributes.set("keycreate", label, failed);
    }

    /** Has keys labelled as the policy says again. */
    void labelKeysNoMore() {
        asm.source(POINTER, "label only the session keyring");
        attributes.set("keycreate", "\n", failed);
    }

    /** As {@link #labelKeys}, in a process that has its caller's files. */
    void labelKeysAsCaller() {
        asm.source(POINTER, "label the session keyring " + label);
        attributes.setThroughHosts("keycreate", label);
    }

    /** As {@link #labelKeysNoMore}, likewise. */
    void labelKeysAsCallerNoMore() {
        asm.source(POINTER, "label only the session keyring");
        attributes.setThroughHosts("keycreate", "\n");
    }

    /** Has the next execve(2) of this process, or of a child of it, enter the context. */
    public void labelExecutable() {
        asm.source(POINTER, "let the executable run as " + label);
        attributes.set("exec", label, failed);
    }

    /** As {@link #labelExecutable}, in a process that has its caller's files. */
    void labelExecutableAsCaller() {
        asm.source(POINTER, "let the executable run as " + label);
        attributes.setThroughHosts("exec", label);
    }
}
