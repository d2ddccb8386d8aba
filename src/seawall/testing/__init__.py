"""What tests of Seawall, and of projects and detectors made for it, may use.

In: short descriptions. Out: small safety projects, and detectors that are slow, failing or scripted.
Never: imported by the product itself.
"""
