package build

import (
	"testing"

	"github.com/sclevine/spec"
)

// TestBuild runs the specs of each file. To select one: go test -run TestBuild/build/clone/Git_reads ./build
func TestBuild(t *testing.T) {
	suite := spec.New("build")
	suite("appfiles", testAppFiles)
	suite("build", testBuild)
	suite("clone", testClone)
	suite("concurrency", testConcurrency)
	suite("credentials", testCredentials)
	suite("debian", testDebian)
	suite("defects", testDefects)
	suite("serveddirs", testServedDirs)
	suite("full", testFull)
	suite("hardening credentials", testHardeningCredentials)
	suite("hardening", testHardening)
	suite("hookerror", testHookError)
	suite("installer", testInstaller)
	suite("labels", testLabels)
	suite("layers", testLayers)
	suite("libraries", testLibraries)
	suite("manage", testManage)
	suite("modes", testModes)
	suite("node", testNode)
	suite("nodeinstall", testNodeInstall)
	suite("nodeship", testNodeShip)
	suite("permission", testPermission)
	suite("private", testPrivate)
	suite("programs", testPrograms)
	suite("prove", testProve)
	suite("recovered", testRecovered)
	suite("runners", testRunners)
	suite("scripterror", testScriptError)
	suite("sealed", testSealed)
	suite("secrets", testSecrets)
	suite("settings", testSettings)
	suite("shipped", testShipped)
	suite("steps", testSteps)
	suite("strays", testStrays)
	suite("termination", testTermination)
	suite("unrecorded", testUnrecorded)
	suite("unset", testUnset)
	suite("unverified", testUnverified)
	suite("variables", testVariables)
	suite("version", testVersion)
	suite.Run(t)
	everyLogHasASpec(t)
}
