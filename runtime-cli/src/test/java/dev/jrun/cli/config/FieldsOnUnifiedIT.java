// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.UnifiedOnlyView;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@link FieldsIT}, on a host that has cgroup v2 alone, with crun. */
class FieldsOnUnifiedIT extends FieldsIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    protected HostView view() {
        return UNIFIED.view();
    }

    @Override
    String other() {
        return "crun";
    }

    /** Version 1.8 knows no later documents, and takes rights for device rules that there may not be. */
    @Override
    Bundle adapt(Bundle bundle) {
        return bundle.with("/ociVersion", "\"1.0.2\"").with("/linux/resources", "{}");
    }

    /** What runc 1.1 ignores or refuses. */
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '`', textBlock = """
            /linux/personality       | {"domain": "LINUX32"} | uname -m; cat /proc/self/personality
            /linux/personality       | {"domain": "LINUX"}   | uname -m; cat /proc/self/personality
            /linux/rootfsPropagation | "rshared"             | awk '$5 == "/" {print $5, $7}' /proc/self/mountinfo | sed 's/:.*//'
            /linux/rootfsPropagation | "shared"              | awk '$5 == "/" {print $5, $7}' /proc/self/mountinfo | sed 's/:.*//'
            /linux/rootfsPropagation | "unbindable"          | awk '$5 == "/" {print $5, $7}' /proc/self/mountinfo
            /domainname              | "mine"                | cat /proc/sys/kernel/domainname
            /process/user            | {"additionalGids": [5, 5, 6]} | id -G
            """)
    void isTheSameWithCrunAlone(String pointer, String value, String script) {
        Execution expected = run(otherRuntime(), bundle(List.of(pointer, value)).runsScript(script));
        Execution found = run(jrun, bundle(List.of(pointer, value)).runsScript(script));

        assertEquals(expected.succeeds().output(), found.output());
        assertEquals(expected.errors(), found.errors());
        assertEquals(expected.code(), found.code());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '`', textBlock = """
            /linux/personality       | {"domain": "BSD"}
            """)
    void isRefusedByCrunToo(String pointer, String value) throws IOException {
        isRefused("", List.of(pointer, value));
    }
}
