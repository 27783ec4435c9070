// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import java.util.BitSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AffinityTest {

    @AfterEach
    void free() throws LinuxException {
        Affinity.set(0, Affinity.any());
    }

    @Test
    void aThreadRunsWhereItIsPut() throws LinuxException {
        BitSet all = Affinity.of(0);
        for (int processor = all.nextSetBit(0); processor >= 0; processor = all.nextSetBit(processor + 1)) {
            var only = new BitSet();
            only.set(processor);
            Affinity.set(0, only);

            assertEquals(only, Affinity.of(0));
            assertEquals(processor, Affinity.processor());
        }
        Affinity.set(0, Affinity.any());
        assertEquals(all, Affinity.of(0));
    }

    @Test
    void theProcessorsAreThoseThatJavaSees() throws LinuxException {
        assertEquals(Runtime.getRuntime().availableProcessors(), Affinity.of(0).cardinality());
    }

    @Test
    void noProcessorAtAllIsRefused() {
        LinuxException refused = assertThrows(LinuxException.class, () -> Affinity.set(0, new BitSet()));
        assertTrue(refused.is(Errno.EINVAL));
    }

    @Test
    void aMaskHasABitForEachProcessor() {
        var some = new BitSet();
        some.set(0);
        some.set(9);
        some.set(8191);
        byte[] mask = Affinity.mask(some);

        assertEquals(1024, mask.length);
        assertEquals(1, mask[0]);
        assertEquals(2, mask[1]);
        assertEquals((byte) 0x80, mask[1023]);
        assertTrue(Affinity.any().get(8191));
    }
}
