// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import dev.jrun.launch.process.Credentials;
import dev.jrun.program.Assembler;
import dev.jrun.spec.Linux;

/** Enters them one by one, by files in /proc. */
final class ClassicInitNamespaces implements InitNamespaces {

    private final JoinedNamespaces namespaces;

    ClassicInitNamespaces(Assembler asm, Linux linux, long init) {
        this.namespaces = new JoinedNamespaces(asm, linux, init);
    }

    @Override
    public void open() {
        namespaces.open();
    }

    @Override
    public void close() {
        namespaces.close();
    }

    @Override
    public void enter(Credentials.Groups groups) {
        NamespaceEntry entry = namespaces.entry();
        entry.enter(groups);
        entry.enterMount();
    }
}
