// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.cgroup.writing.WritingForGood;
import dev.jrun.spec.Resources;

/** A controller whose part of the resources are values in files. */
public interface LimitController extends Controller {

    @Override
    default void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        apply(cgroup, resources, WritingForGood.INSTANCE);
    }

    /**
     * Likewise, in this way.
     *
     * @throws CgroupException likewise
     */
    void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException;
}
