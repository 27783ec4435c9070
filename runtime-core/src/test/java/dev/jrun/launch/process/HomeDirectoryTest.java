// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeDirectoryTest {

    private static String home(String passwd, long uid) {
        return HomeDirectory.of(passwd.getBytes(StandardCharsets.UTF_8), uid);
    }

    @Test
    void isThatOfTheFirstEntryOfTheUser() {
        String passwd = """
                root:x:0:0:root:/root:/bin/sh
                app:x:1000:1000::/home/app:/bin/sh
                again:x:1000:1000::/home/again:/bin/sh
                """;
        assertEquals("/root", home(passwd, 0));
        assertEquals("/home/app", home(passwd, 1000));
    }

    @Test
    void isTheRootForAUserWithoutAnEntry() {
        assertEquals("/", home("root:x:0:0:root:/root:/bin/sh\n", 1));
        assertEquals("/", home("", 0));
    }

    @Test
    void theLastLineNeedsNoEnd() {
        assertEquals("/root", home("root:x:0:0:root:/root:/bin/sh", 0));
        assertEquals("/root", home("root:x:0:0:root:/root", 0));
    }

    @ParameterizedTest
    @CsvSource({
        "root:x:0:0:root",
        "root:x:00:0:root:/a:/bin/sh",
        "root:x:+0:0:root:/a:/bin/sh",
        "root:x: 0:0:root:/a:/bin/sh",
        "root:x::0:root:/a:/bin/sh",
        "root:x:0:0:root::/bin/sh",
        ":::::",
        "0",
    })
    void aMalformedEntryCountsForNothing(String line) {
        assertEquals("/", home(line + "\n", 0));
        assertEquals("/home", home(line + "\nroot:x:0:0::/home:\n", 0));
    }

    @Test
    void aNulCannotEndTheEnvironmentEarly() {
        assertEquals("/", home("root:x:0:0::/a\0LD_PRELOAD=/b:/bin/sh\n", 0));
    }

    @Test
    void theEntryFitsTheRoomForIt() {
        assertEquals("/", home("root:x:0:0::/" + "a".repeat(Environment.MAX_HOME) + ":\n", 0));
        String longest = "/" + "\u20ac".repeat(Environment.MAX_HOME - 2);
        assertEquals(longest, home("root:x:0:0::" + longest + ":\n", 0));
        assertEquals(true, Environment.homeEntry(longest).length <= Environment.size());
        String invalid = "/" + "\u0080".repeat(Environment.MAX_HOME - 2);
        byte[] bytes = ("root:x:0:0::" + invalid + ":\n").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(true, Environment.homeEntry(HomeDirectory.of(bytes, 0)).length <= Environment.size());
    }

    @Test
    void noiseIsReadInNoTime() {
        byte[] noise = new byte[256 << 10];
        new Random(1).nextBytes(noise);
        byte[] colons = new byte[256 << 10];
        Arrays.fill(colons, (byte) ':');
        byte[] lines = new byte[256 << 10];
        Arrays.fill(lines, (byte) '\n');
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            HomeDirectory.of(noise, 0);
            assertEquals("/", HomeDirectory.of(colons, 0));
            assertEquals("/", HomeDirectory.of(lines, 0));
        });
    }
}
