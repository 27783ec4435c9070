// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {

    @Test
    void isThatOfTheBuild() throws Exception {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        assertTrue(pom.matches("(?s).*?<version>" + Version.JRUN + "(-SNAPSHOT)?</version>.*"));
    }
}
