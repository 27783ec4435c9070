// SPDX-License-Identifier: Apache-2.0
/**
 * The controllers. Each class writes its part of {@code linux.resources} to a cgroup of either version, and reports
 * what is used there ({@link dev.jrun.cgroup.controller.ReportingController}). A new limit is a line in one of them; a
 * new controller is a class beside them and a line in {@link dev.jrun.cgroup.controller.Controllers}.
 */
package dev.jrun.cgroup.controller;
